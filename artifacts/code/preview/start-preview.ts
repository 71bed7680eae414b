/** The app's side of a preview: creates the iframe, sends its content, checks that it responds. */
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
import { fetchSandboxFile, openSandbox } from '@/artifacts/code/sandbox-frame';

const PREVIEW_FRAME_URL = '/sandbox/preview.html';
const MERMAID_URL = '/sandbox/mermaid.js';
const PING_INTERVAL_MS = 1_000;
/** An iframe that has not responded for this long is removed. */
const PING_TIMEOUT_MS = 5_000;
/** A page that posts more messages past its port is removed: each message costs the app time. */
const MAX_STRAY_MESSAGES = 200;
const NAVIGATED_MESSAGE =
  'The page left the preview or reloaded itself. Reload the preview to show it again.';
/** Mermaid is 3 MB and must be compiled before it renders: 7 s on a busy machine. */
const RENDER_TIMEOUT_MS = 30_000;

export type PreviewState =
  | { type: 'loading' }
  /** `blocked`: blocked features the page tried to use; `error`: message of a script error. */
  | { type: 'shown'; blocked: readonly BlockedFeature[]; error: string | null }
  | { type: 'failed'; message: string };

type PreviewSubject = { kind: PreviewKind; code: string; dark: boolean };

/**
 * Renders a page, an image or a diagram in an iframe with an opaque origin and no network.
 * @returns a disposer
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
  const sandbox = openSandbox(container, {
    url: PREVIEW_FRAME_URL,
    title: 'Preview',
    // Scripts of the page may handle forms; the iframe's policy blocks their submission.
    sandboxTokens: ['allow-forms'],
    className: 'absolute inset-0 size-full border-0',
  });
  const { frame, port } = sandbox;
  let pingTimer: ReturnType<typeof setInterval> | undefined;
  let blocked: readonly BlockedFeature[] = [];
  let error: string | null = null;
  let isRendered = false;
  let lastPongAt = 0;
  let pingCount = 0;
  let pongCount = 0;
  /**
   * Pings sent before the iframe loaded another document than the rendered one; null if it did not.
   * Messages of the document before it may still arrive, but not more pongs than these.
   */
  let pingsBeforeReload: number | null = null;
  frame.addEventListener('load', () => {
    // Earlier load events are those of the preview's own page.
    if (isRendered) pingsBeforeReload = pingCount;
  });
  let strayMessageCount = 0;
  const onStrayMessage = ({ source }: MessageEvent) => {
    if (source === frame.contentWindow && ++strayMessageCount > MAX_STRAY_MESSAGES) {
      fail('The preview was closed because it sent too many messages to the app.');
    }
  };
  addEventListener('message', onStrayMessage);
  const focusGuard = guardFocus(frame, () =>
    fail('The preview was closed because it took the focus away from where you type.'),
  );
  let isDisposed = false;
  function dispose(): void {
    isDisposed = true;
    removeEventListener('message', onStrayMessage);
    focusGuard.dispose();
    clearInterval(pingTimer);
    sandbox.close();
  }
  function fail(message: string): void {
    if (isDisposed) return;
    dispose();
    onState({ type: 'failed', message });
  }

  // Newer browsers report immediately that the page of the other port is gone.
  port.addEventListener('close', () => fail(NAVIGATED_MESSAGE));
  port.onmessage = ({ data }: MessageEvent<PreviewEvent>) => {
    lastPongAt = Date.now();
    if (data.type === 'pong') pongCount += 1;
    if (data.type === 'pointer') return focusGuard.onPointer(data.report);
    if (data.type === 'failed') return fail(`Couldn’t render it. ${truncateMessage(data.message)}`);
    if (data.type === 'blocked' && Object.hasOwn(BLOCKED_MESSAGES, data.feature)) {
      blocked = [...new Set([...blocked, data.feature])];
    }
    if (data.type === 'error') error = truncateMessage(data.message);
    if (data.type === 'shown') isRendered = true;
    if (data.type !== 'pong' && isRendered) onState({ type: 'shown', blocked, error });
  };
  onState({ type: 'loading' });
  Promise.all([subject.kind === 'mermaid' ? fetchText(MERMAID_URL) : '', sandbox.loaded]).then(
    ([script]) => {
      const request: PreviewRequest = { ...subject, script };
      sandbox.start(request);
      lastPongAt = Date.now();
      pingTimer = setInterval(() => {
        // Timers are throttled in a background tab, so the timeout restarts.
        if (document.hidden) lastPongAt = Date.now();
        const isRendering = subject.kind === 'mermaid' && !isRendered;
        if (Date.now() - lastPongAt > (isRendering ? RENDER_TIMEOUT_MS : PING_TIMEOUT_MS)) {
          fail(
            isRendering
              ? 'This diagram took too long to render and was stopped. Make it smaller, then load it again.'
              : pingsBeforeReload !== null && pongCount <= pingsBeforeReload
                ? NAVIGATED_MESSAGE
                : 'The preview stopped responding and was closed.',
          );
        } else {
          pingCount += 1;
          port.postMessage('ping');
        }
      }, PING_INTERVAL_MS);
    },
    () => fail('Couldn’t load the preview. Check the connection, then load it again.'),
  );
  return dispose;
}

function truncateMessage(message: unknown): string {
  return String(message).slice(0, MAX_MESSAGE_CHARS);
}

async function fetchText(url: string): Promise<string> {
  return await (await fetchSandboxFile(url)).text();
}
