/** The page's end of a preview: makes the frame, tells it what to show, and looks whether it lives. */
import { guardFocus } from '@/artifacts/code/preview/focus-guard';
import {
  MAX_MESSAGE_CHARS,
  type PreviewEvent,
  type PreviewKind,
  type PreviewRequest,
  REFUSALS,
  type Refusal,
  refusalOf,
} from '@/artifacts/code/preview/protocol';

const FRAME = '/sandbox/preview.html';
const MERMAID = '/sandbox/mermaid.js';
const CALL_EVERY_MS = 1_000;
/** A frame that has not answered for so long is taken away. */
const ANSWER_WITHIN_MS = 5_000;
/** A page that sends the app more messages than that past its port is taken away: each costs the app time. */
const MAX_STRAY_MESSAGES = 200;
const LEFT =
  'The page went to another address, or loaded itself again: a preview cannot follow. Load it again to see it.';
/** Mermaid is 3 MB that must be compiled before it draws: 7 s on a machine that is busy. */
const DRAW_WITHIN_MS = 30_000;

export type PreviewState =
  | { type: 'loading' }
  /** `refused`: what the page asked for in vain; `error`: what ended a script of it. */
  | { type: 'shown'; refused: readonly Refusal[]; error: string | null }
  | { type: 'failed'; message: string };

type Subject = { kind: PreviewKind; code: string; dark: boolean };

/**
 * Shows a page, a picture or a diagram in a frame that has no origin, no network and no way out.
 * @returns takes it away
 */
export function startPreview(
  place: HTMLElement,
  subject: Subject,
  tell: (state: PreviewState) => void,
): () => void {
  const refusal = refusalOf(subject.kind, subject.code);
  if (refusal) {
    tell({ type: 'failed', message: refusal });
    return () => {};
  }
  const frame = document.createElement('iframe');
  // Forms are handled by the page's own scripts; the frame's policy lets none be sent.
  frame.sandbox.add('allow-scripts', 'allow-forms');
  frame.title = 'Preview';
  frame.className = 'absolute inset-0 size-full border-0';
  frame.src = FRAME;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  place.append(frame);

  const { port1, port2 } = new MessageChannel();
  let calls: ReturnType<typeof setInterval> | undefined;
  let refused: readonly Refusal[] = [];
  let error: string | null = null;
  let shown = false;
  let answeredAt = 0;
  /** Whether something was loaded into the frame since it last answered. */
  let reloaded = false;
  frame.addEventListener('load', () => {
    reloaded = true;
  });
  let strays = 0;
  const onStray = ({ source }: MessageEvent) => {
    if (source === frame.contentWindow && ++strays > MAX_STRAY_MESSAGES) {
      fail('The preview was closed: it disturbed the app by sending it messages.');
    }
  };
  addEventListener('message', onStray);
  const guard = guardFocus(frame, () =>
    fail('The preview was closed: it took the focus away from where you type.'),
  );
  let ended = false;
  function end(): void {
    ended = true;
    removeEventListener('message', onStray);
    guard.end();
    clearInterval(calls);
    port1.close();
    frame.remove();
  }
  function fail(message: string): void {
    if (ended) return;
    end();
    tell({ type: 'failed', message });
  }

  // Newer browsers tell at once that the other end went with its page.
  port1.addEventListener('close', () => fail(LEFT));
  port1.onmessage = ({ data }: MessageEvent<PreviewEvent>) => {
    answeredAt = Date.now();
    reloaded = false;
    if (data.type === 'pointer') return guard.pointer(data.report);
    if (data.type === 'failed') return fail(`It cannot be drawn. ${startOf(data.message)}`);
    if (data.type === 'blocked' && Object.hasOwn(REFUSALS, data.what)) {
      refused = [...new Set([...refused, data.what])];
    }
    if (data.type === 'error') error = startOf(data.message);
    if (data.type === 'shown') shown = true;
    if (data.type !== 'alive' && shown) tell({ type: 'shown', refused, error });
  };
  tell({ type: 'loading' });
  Promise.all([subject.kind === 'mermaid' ? loadText(MERMAID) : '', loaded]).then(
    ([script]) => {
      const request: PreviewRequest = { ...subject, script };
      frame.contentWindow?.postMessage(request, '*', [port2]);
      answeredAt = Date.now();
      calls = setInterval(() => {
        // A page in the background is not looked at, and its timers run late.
        if (document.hidden) answeredAt = Date.now();
        const draws = subject.kind === 'mermaid' && !shown;
        if (Date.now() - answeredAt > (draws ? DRAW_WITHIN_MS : ANSWER_WITHIN_MS)) {
          fail(
            draws
              ? 'This diagram takes too long to draw and was stopped. Make it smaller, then load it again.'
              : reloaded
                ? LEFT
                : 'The preview did not answer any more and was closed.',
          );
        } else {
          port1.postMessage('call');
        }
      }, CALL_EVERY_MS);
    },
    () => fail('The preview could not be loaded. Check the connection, then load it again.'),
  );
  return end;
}

function startOf(message: unknown): string {
  return String(message).slice(0, MAX_MESSAGE_CHARS);
}

async function loadText(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return await response.text();
}
