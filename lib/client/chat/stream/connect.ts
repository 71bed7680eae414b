/** One connection to an answer: how it is made, and what all who make one know. */
import { linkedAbortController, waitForRetry } from '@/lib/client/browser/wait';
import { TICK_MS } from '@/lib/client/chat/stream/pacer';
import {
  fetchAsPageUser,
  networkError,
  readErrorResponse,
  renewSession,
} from '@/lib/client/http/api';
import type { StoredMessage } from '@/lib/protocol/messages';

export type StreamEnd = {
  /** True where the run said how it ended; otherwise the page should ask what is stored. */
  hasRunEnded: boolean;
  /** The finished message, where what was shown could not grow into it. */
  replacement?: StoredMessage;
};

export type ResilientFetchOptions = {
  chatId: string;
  /** The server has taken the request and answers, with a message of this id. */
  onAccepted?: (messageId: string | null) => void;
  /** True while the connection is away and a new one is being made. */
  onReconnecting?: (reconnecting: boolean) => void;
  /** Called with every piece: true while the answer is all there and cannot be saved. */
  onUnsaved?: (unsaved: boolean) => void;
  /** The body has ended by itself: not by the caller's signal. */
  onStreamEnd?: (streamEnd: StreamEnd) => void;
};

/** What tests replace: the way out, and the time things take (milliseconds). */
export type ResilientFetchDependencies = {
  fetch: typeof fetch;
  renewSession: () => Promise<unknown>;
  /** Silence after which a connection counts as broken; keep-alives come every 10 s. */
  stallTimeoutMs: number;
  /**
   * The wait for the first byte of what is followed: it comes at once, or with the first keep-alive.
   * The browser may have asked over an idle connection that is dead and does not know it.
   */
  firstByteTimeoutMs: number;
  /** The same for a send, which may take as long as its rows take to be written. */
  sendTimeoutMs: number;
  /** Between two times that something is handed on. */
  paceIntervalMs: number;
  /** Whether somebody sees the text arrive, and wants to see it move. */
  isTextVisible: () => boolean;
  /** The first wait before a new connection; it doubles up to the last. */
  initialBackoffMs: number;
  maxBackoffMs: number;
};

export const DEFAULT_DEPENDENCIES: ResilientFetchDependencies = {
  fetch: fetchAsPageUser,
  renewSession,
  stallTimeoutMs: 25_000,
  firstByteTimeoutMs: 15_000,
  sendTimeoutMs: 60_000,
  paceIntervalMs: TICK_MS,
  isTextVisible: () =>
    typeof document === 'undefined' ||
    (!document.hidden && !matchMedia('(prefers-reduced-motion: reduce)').matches),
  initialBackoffMs: 300,
  maxBackoffMs: 5_000,
};

/** A send whose answer never came may be repeated: its message id makes it idempotent. */
const MAX_SEND_ATTEMPTS = 3;

/** What belongs to all connections of one chat. */
export type ConnectionContext = ResilientFetchDependencies & { options: ResilientFetchOptions };
export type Connection = { response: Response; close: () => void };

/** Opens a connection, with a new session where the old one is gone, and again where none came. */
export async function connect(
  context: ConnectionContext,
  url: () => RequestInfo | URL,
  init: RequestInit & { signal: AbortSignal },
  maxAttempts = MAX_SEND_ATTEMPTS,
): Promise<Connection> {
  let sessionRenewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const { controller, dispose } = linkedAbortController(init.signal);
    const close = () => {
      dispose();
      controller.abort();
    };
    const timeoutMs = init.method === 'POST' ? context.sendTimeoutMs : context.firstByteTimeoutMs;
    const timer = setTimeout(close, timeoutMs);
    let response: Response;
    try {
      response = await context.fetch(url(), { ...init, signal: controller.signal });
    } catch (error) {
      dispose();
      if (init.signal.aborted) throw error;
      if (attempt >= maxAttempts) throw networkError(error);
      await waitForRetry(backoffMs(context, attempt), init.signal);
      continue;
    } finally {
      clearTimeout(timer);
    }
    if (response.ok && response.body) return { response, close };
    dispose();
    if (response.status !== 401 || sessionRenewed) throw await readErrorResponse(response);
    sessionRenewed = true;
    await context.renewSession();
  }
}

/** The wait before the nth new connection, with jitter so that many pages do not come at once. */
export function backoffMs(
  { initialBackoffMs, maxBackoffMs }: ResilientFetchDependencies,
  attempt: number,
): number {
  const delayMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** (attempt - 1));
  return delayMs * (0.75 + Math.random() * 0.5);
}
