/** Opens one connection to an answer's stream; options and dependencies of all connections. */

import { fetchAsPageUser, renewSession } from '@/lib/client/account/session';
import { linkedAbortController, waitForRetry } from '@/lib/client/browser/wait';
import { readErrorResponse } from '@/lib/client/http/api';
import { networkError } from '@/lib/client/http/request-error';
import { PACER_INTERVAL_MS } from '@/lib/protocol/latency';
import type { StoredMessage } from '@/lib/protocol/messages';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

export type StreamEnd = {
  /** The run's end annotation was received; otherwise the page should refetch the chat. */
  hasRunEnded: boolean;
  /** The finished message, if the delivered content is not a prefix of it. */
  replacement?: StoredMessage;
};

export type ResilientFetchOptions = {
  chatId: string;
  /** The answer that a resume follows; undefined: the newest of the chat. */
  resumedMessageId?: () => string | undefined;
  /** The server accepted the request; its answer has this message id. */
  onAccepted?: (messageId: string | null) => void;
  /** True while the connection is lost and a new one is being opened. */
  onReconnecting?: (reconnecting: boolean) => void;
  /** Called with every chunk: true while the answer is complete but cannot be saved. */
  onUnsaved?: (unsaved: boolean) => void;
  /** The body has ended, not through the caller's signal. */
  onStreamEnd?: (streamEnd: StreamEnd) => void;
};

/** Injected requests, session, text visibility and durations in ms. Tests replace them. */
export type ResilientFetchDependencies = {
  fetch: typeof fetch;
  renewSession: () => Promise<unknown>;
  /** Stall timeout of a connection; keep-alives arrive every 10 s. */
  stallTimeoutMs: number;
  /**
   * Timeout for the first byte of a GET, which comes immediately or as a keep-alive. The browser
   * may have sent the request over an idle connection without noticing that it is dead.
   */
  firstByteTimeoutMs: number;
  /** The same for a send, which also waits for its rows to be written. */
  sendTimeoutMs: number;
  /** Minimum interval between two deliveries to useChat. */
  paceIntervalMs: number;
  /** Whether the page is visible and the user does not prefer reduced motion. */
  isTextVisible: () => boolean;
  /** Delays before reconnections. */
  backoff: Backoff;
};

export const DEFAULT_DEPENDENCIES: ResilientFetchDependencies = {
  fetch: fetchAsPageUser,
  renewSession,
  stallTimeoutMs: 25_000,
  firstByteTimeoutMs: 15_000,
  sendTimeoutMs: 60_000,
  paceIntervalMs: PACER_INTERVAL_MS,
  isTextVisible: () =>
    typeof document === 'undefined' ||
    (!document.hidden && !matchMedia('(prefers-reduced-motion: reduce)').matches),
  backoff: { initialMs: 300, maxMs: 5_000, jitter: 0.25 },
};

/** A send without a response may be repeated: its message id makes it idempotent. */
export const MAX_SEND_ATTEMPTS = 3;

/** Dependencies and options that all connections of one chat share. */
export type ConnectionContext = ResilientFetchDependencies & { options: ResilientFetchOptions };
export type Connection = { response: Response; close: () => void };

/**
 * Opens a connection. Renews the session once on a 401 and retries when there is no response.
 * @throws RequestError when the server returns an error or all attempts fail
 */
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
      await waitForRetry(backoffMs(attempt - 1, context.backoff), init.signal);
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
