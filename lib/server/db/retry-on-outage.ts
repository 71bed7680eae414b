import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@/lib/protocol/errors';
import { isConnectionError } from '@/lib/server/db/client';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';
import { withTimeout } from '@/lib/shared/with-timeout';

/** Half of it, the minimum for the retries, is more than `connect_timeout`. */
const TIMEOUT_MS = 8_000;
/** Spread out, so that waiting requests do not hit a database that is just starting all at once. */
const BACKOFF: Backoff = { initialMs: 200, maxMs: 1_000, jitter: 0.25 };

/**
 * Returns the result of `operation`, which is retried after connection errors and therefore must be
 * read-only.
 *
 * One retry is not enough: a connection attempt that started during an outage fails after the
 * outage is over, and so does a query whose connection is reset because the heartbeat (see
 * runs/presence) notices the outage at its end.
 * @param timeoutMs maximum duration with the retries, if the first attempt fails in the first half
 *   of it; half of it remains for the retries of one that fails later
 * @throws what `operation` throws; AppError database_unavailable after `timeoutMs`
 */
export async function retryOnOutage<T>(
  operation: () => Promise<T>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  const startedAt = performance.now();
  try {
    return await operation();
  } catch (error) {
    if (!isConnectionError(error) || isTimeout(error)) throw error;
  }
  const now = performance.now();
  const deadline = Math.max(startedAt + timeoutMs, now + timeoutMs / 2);
  return await withTimeout(retryUntil(deadline, operation), deadline - now, () => {
    throw new AppError('database_unavailable');
  });
}

/** Ends at the deadline, when nobody waits for it anymore. */
async function retryUntil<T>(deadline: number, operation: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await operation();
    } catch (error) {
      if (!isConnectionError(error) || isTimeout(error)) throw error;
      await sleep(backoffMs(attempt, BACKOFF));
      if (performance.now() > deadline) throw error;
    }
  }
}

/** Whether something, as a nested `retryOnOutage`, has already waited for the database. */
function isTimeout(error: unknown): boolean {
  return error instanceof AppError && error.cause === undefined;
}
