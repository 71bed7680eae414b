/** The timeouts of one answer, on a single timer that is not re-armed for each token. */
import { AppError } from '@/lib/protocol/errors';
import type { EndpointTimeouts } from './endpoint-settings';

export type Deadlines = {
  /** Restarts the idle timeout: any bytes arrived, even a keep-alive comment. */
  touch(): void;
  /** The first content of the answer arrived. */
  markFirstToken(): void;
  /** Suspends the idle timeout: the reader is behind, so the stall is not the endpoint's. */
  pause(): void;
  resume(): void;
  stop(): void;
};

export type DeadlinesOptions = {
  /** True: nothing can arrive before the end, so only the total timeout counts. */
  isBuffered: boolean;
  timeouts: EndpointTimeouts;
  onExpired: (error: AppError) => void;
};

export function startDeadlines({ isBuffered, timeouts, onExpired }: DeadlinesOptions): Deadlines {
  const startedAt = performance.now();
  let lastActivityAt = startedAt;
  let hasFirstToken = false;
  let paused = false;
  let timer = setTimeout(check, nextDeadline().atMs - startedAt);

  /** The timeout that expires first in the current state. */
  function nextDeadline(): { atMs: number; cause: string } {
    const total = { atMs: startedAt + timeouts.totalTimeoutMs, cause: 'total timeout' };
    if (isBuffered || paused) return total;
    const next = hasFirstToken
      ? { atMs: lastActivityAt + timeouts.idleTimeoutMs, cause: 'idle timeout' }
      : { atMs: lastActivityAt + timeouts.firstTokenTimeoutMs, cause: 'first token timeout' };
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
      lastActivityAt = performance.now();
    },
    markFirstToken() {
      hasFirstToken = true;
      lastActivityAt = performance.now();
      // Another timeout applies from now on; it may expire before the one the timer is set for.
      clearTimeout(timer);
      check();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      lastActivityAt = performance.now();
      clearTimeout(timer);
      check();
    },
    stop: () => clearTimeout(timer),
  };
}

function timeoutError(cause: string, hasFirstToken: boolean): AppError {
  const message = hasFirstToken
    ? 'The model server sent nothing more during the answer (timeout).'
    : undefined;
  return new AppError(
    'endpoint_timeout',
    cause === 'total timeout' ? { cause } : { message, cause },
  );
}
