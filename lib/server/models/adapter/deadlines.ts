/** The time limits of one answer, on a single timer that is not re-armed for each token. */
import { AppError } from '@/lib/protocol/errors';
import type { EndpointTimeouts } from './endpoint-settings';

export type Deadlines = {
  /** Anything came, a keep-alive comment too: the limit of silence starts anew. */
  touch(): void;
  /** The first piece of the answer came. */
  markFirstToken(): void;
  /** The reader is behind, so the endpoint is not to blame for silence. */
  pause(): void;
  resume(): void;
  stop(): void;
};

export type DeadlinesOptions = {
  /** With `whole`, nothing can come before the end: only the total limit counts. */
  isBuffered: boolean;
  limits: EndpointTimeouts;
  onExpired: (error: AppError) => void;
};

export function startDeadlines({ isBuffered, limits, onExpired }: DeadlinesOptions): Deadlines {
  const startedAt = performance.now();
  let lastAliveAt = startedAt;
  let hasFirstToken = false;
  let paused = false;
  let timer = setTimeout(check, nextDeadline().atMs - startedAt);

  /** The limit that ends first as things stand. */
  function nextDeadline(): { atMs: number; cause: string } {
    const total = { atMs: startedAt + limits.totalTimeoutMs, cause: 'total time limit' };
    if (isBuffered || paused) return total;
    const next = hasFirstToken
      ? { atMs: lastAliveAt + limits.idleTimeoutMs, cause: 'idle time limit' }
      : { atMs: lastAliveAt + limits.firstTokenTimeoutMs, cause: 'first token time limit' };
    return next.atMs < total.atMs ? next : total;
  }

  function check(): void {
    const { atMs, cause } = nextDeadline();
    const remainingMs = atMs - performance.now();
    if (remainingMs > 0) timer = setTimeout(check, remainingMs);
    else onExpired(timeoutError(cause, hasFirstToken));
  }

  return {
    touch() {
      lastAliveAt = performance.now();
    },
    markFirstToken() {
      hasFirstToken = true;
      lastAliveAt = performance.now();
      // Another limit counts from now on, and it may end before the one that the timer is set for.
      clearTimeout(timer);
      check();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      lastAliveAt = performance.now();
      clearTimeout(timer);
      check();
    },
    stop: () => clearTimeout(timer),
  };
}

function timeoutError(cause: string, hasFirstToken: boolean): AppError {
  const message = hasFirstToken
    ? 'The model endpoint went silent in the middle of the answer.'
    : undefined;
  return new AppError(
    'endpoint_timeout',
    cause === 'total time limit' ? { cause } : { message, cause },
  );
}
