/** One connection to an answer: how it is made, and what all who make one know. */
import { delay, linked } from '@/lib/client/chat/connection';
import { TICK_MS } from '@/lib/client/chat/pacer';
import { errorFromResponse, fetchAsPageUser, networkError, renewSession } from '@/lib/client/http';
import type { StoredMessage } from '@/lib/protocol/messages';

export type Ending = {
  /** True where the run said how it ended; otherwise the page should ask what is stored. */
  told: boolean;
  /** The finished message, where what was shown could not grow into it. */
  replacement?: StoredMessage;
};

export type ResilientOptions = {
  chatId: string;
  /** The server has taken the request and answers, with a message of this id. */
  onAccepted?: (messageId: string | null) => void;
  /** True while the connection is away and a new one is being made. */
  onReconnecting?: (reconnecting: boolean) => void;
  /** Called with every piece: true while the answer is all there and cannot be saved. */
  onUnsaved?: (unsaved: boolean) => void;
  /** The body has ended by itself: not by the caller's signal. */
  onEnd?: (ending: Ending) => void;
};

/** What tests replace: the way out, and the time things take (milliseconds). */
export type ResilientSeams = {
  fetch: typeof fetch;
  renewSession: () => Promise<unknown>;
  /** Silence after which a connection counts as broken; keep-alives come every 10 s. */
  stallMs: number;
  /**
   * The wait for the first byte of what is followed: it comes at once, or with the first keep-alive.
   * The browser may have asked over an idle connection that is dead and does not know it.
   */
  firstByteMs: number;
  /** The same for a send, which may take as long as its rows take to be written. */
  sendMs: number;
  /** Between two times that something is handed on. */
  paceMs: number;
  /** Whether somebody sees the text arrive, and wants to see it move. */
  isWatched: () => boolean;
  /** The first wait before a new connection; it doubles up to the last. */
  firstWaitMs: number;
  lastWaitMs: number;
};

export const SEAMS: ResilientSeams = {
  fetch: fetchAsPageUser,
  renewSession,
  stallMs: 25_000,
  firstByteMs: 15_000,
  sendMs: 60_000,
  paceMs: TICK_MS,
  isWatched: () =>
    typeof document === 'undefined' ||
    (!document.hidden && !matchMedia('(prefers-reduced-motion: reduce)').matches),
  firstWaitMs: 300,
  lastWaitMs: 5_000,
};

/** A send whose answer never came may be repeated: its message id makes it idempotent. */
const SEND_ATTEMPTS = 3;

/** What belongs to all connections of one chat. */
export type Context = ResilientSeams & { options: ResilientOptions };
export type Connection = { response: Response; close: () => void };

/** Opens a connection, with a new session where the old one is gone, and again where none came. */
export async function connect(
  context: Context,
  url: () => RequestInfo | URL,
  init: RequestInit & { signal: AbortSignal },
  attempts = SEND_ATTEMPTS,
): Promise<Connection> {
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const { controller, unlink } = linked(init.signal);
    const close = () => {
      unlink();
      controller.abort();
    };
    const timeoutMs = init.method === 'POST' ? context.sendMs : context.firstByteMs;
    const timer = setTimeout(close, timeoutMs);
    let response: Response;
    try {
      response = await context.fetch(url(), { ...init, signal: controller.signal });
    } catch (error) {
      unlink();
      if (init.signal.aborted) throw error;
      if (attempt >= attempts) throw networkError(error);
      await delay(waitBefore(context, attempt), init.signal);
      continue;
    } finally {
      clearTimeout(timer);
    }
    if (response.ok && response.body) return { response, close };
    unlink();
    if (response.status !== 401 || renewed) throw await errorFromResponse(response);
    renewed = true;
    await context.renewSession();
  }
}

/** The wait before the nth new connection, with jitter so that many pages do not come at once. */
export function waitBefore({ firstWaitMs, lastWaitMs }: ResilientSeams, attempt: number): number {
  const wait = Math.min(lastWaitMs, firstWaitMs * 2 ** (attempt - 1));
  return wait * (0.75 + Math.random() * 0.5);
}
