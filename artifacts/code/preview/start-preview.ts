/** The page's end of a preview: makes the frame, tells it what to show, and looks whether it lives. */
import { guardFocus } from '@/artifacts/code/preview/focus-guard';
import {
  BLOCKED_MESSAGES,
  type BlockedFeature,
  MAX_MESSAGE_CHARS,
  type PreviewEvent,
  type PreviewKind,
  type PreviewRequest,
  tooLongMessage,
} from '@/artifacts/code/preview/protocol';

const PREVIEW_FRAME_URL = '/sandbox/preview.html';
const MERMAID_URL = '/sandbox/mermaid.js';
const PING_INTERVAL_MS = 1_000;
/** A frame that has not answered for so long is taken away. */
const PING_TIMEOUT_MS = 5_000;
/** A page that sends the app more messages than that past its port is taken away: each costs the app time. */
const MAX_STRAY_MESSAGES = 200;
const LEFT =
  'The page went to another address, or loaded itself again: a preview cannot follow. Load it again to see it.';
/** Mermaid is 3 MB that must be compiled before it draws: 7 s on a machine that is busy. */
const RENDER_TIMEOUT_MS = 30_000;

export type PreviewState =
  | { type: 'loading' }
  /** `refused`: what the page asked for in vain; `error`: what ended a script of it. */
  | { type: 'shown'; blocked: readonly BlockedFeature[]; error: string | null }
  | { type: 'failed'; message: string };

type PreviewSubject = { kind: PreviewKind; code: string; dark: boolean };

/**
 * Shows a page, a picture or a diagram in a frame that has no origin, no network and no way out.
 * @returns takes it away
 */
export function startPreview(
  container: HTMLElement,
  subject: PreviewSubject,
  onState: (state: PreviewState) => void,
): () => void {
  const tooLong = tooLongMessage(subject.kind, subject.code);
  if (tooLong) {
    onState({ type: 'failed', message: tooLong });
    return () => {};
  }
  const frame = document.createElement('iframe');
  // Forms are handled by the page's own scripts; the frame's policy lets none be sent.
  frame.sandbox.add('allow-scripts', 'allow-forms');
  frame.title = 'Preview';
  frame.className = 'absolute inset-0 size-full border-0';
  frame.src = PREVIEW_FRAME_URL;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  container.append(frame);

  const { port1, port2 } = new MessageChannel();
  let pingTimer: ReturnType<typeof setInterval> | undefined;
  let blocked: readonly BlockedFeature[] = [];
  let error: string | null = null;
  let isRendered = false;
  let lastPongAt = 0;
  /** Whether something was loaded into the frame since it last answered. */
  let reloaded = false;
  frame.addEventListener('load', () => {
    reloaded = true;
  });
  let strayMessageCount = 0;
  const onStrayMessage = ({ source }: MessageEvent) => {
    if (source === frame.contentWindow && ++strayMessageCount > MAX_STRAY_MESSAGES) {
      fail('The preview was closed: it disturbed the app by sending it messages.');
    }
  };
  addEventListener('message', onStrayMessage);
  const guard = guardFocus(frame, () =>
    fail('The preview was closed: it took the focus away from where you type.'),
  );
  let ended = false;
  function dispose(): void {
    ended = true;
    removeEventListener('message', onStrayMessage);
    guard.end();
    clearInterval(pingTimer);
    port1.close();
    frame.remove();
  }
  function fail(message: string): void {
    if (ended) return;
    dispose();
    onState({ type: 'failed', message });
  }

  // Newer browsers tell at once that the other end went with its page.
  port1.addEventListener('close', () => fail(LEFT));
  port1.onmessage = ({ data }: MessageEvent<PreviewEvent>) => {
    lastPongAt = Date.now();
    reloaded = false;
    if (data.type === 'pointer') return guard.pointer(data.report);
    if (data.type === 'failed') return fail(`It cannot be drawn. ${truncateMessage(data.message)}`);
    if (data.type === 'blocked' && Object.hasOwn(BLOCKED_MESSAGES, data.feature)) {
      blocked = [...new Set([...blocked, data.feature])];
    }
    if (data.type === 'error') error = truncateMessage(data.message);
    if (data.type === 'shown') isRendered = true;
    if (data.type !== 'alive' && isRendered) onState({ type: 'shown', blocked, error });
  };
  onState({ type: 'loading' });
  Promise.all([subject.kind === 'mermaid' ? fetchText(MERMAID_URL) : '', loaded]).then(
    ([script]) => {
      const request: PreviewRequest = { ...subject, script };
      frame.contentWindow?.postMessage(request, '*', [port2]);
      lastPongAt = Date.now();
      pingTimer = setInterval(() => {
        // A page in the background is not looked at, and its timers run late.
        if (document.hidden) lastPongAt = Date.now();
        const isRendering = subject.kind === 'mermaid' && !isRendered;
        if (Date.now() - lastPongAt > (isRendering ? RENDER_TIMEOUT_MS : PING_TIMEOUT_MS)) {
          fail(
            isRendering
              ? 'This diagram takes too long to draw and was stopped. Make it smaller, then load it again.'
              : reloaded
                ? LEFT
                : 'The preview did not answer any more and was closed.',
          );
        } else {
          port1.postMessage('call');
        }
      }, PING_INTERVAL_MS);
    },
    () => fail('The preview could not be loaded. Check the connection, then load it again.'),
  );
  return dispose;
}

function truncateMessage(message: unknown): string {
  return String(message).slice(0, MAX_MESSAGE_CHARS);
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return await response.text();
}
