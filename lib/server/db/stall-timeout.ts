import { sql } from '@/lib/server/db/client';
import { withTimeout } from '@/lib/shared/with-timeout';

/** A gap of the event loop counts at most as one of these parts of a timeout. */
const TICKS = 10;

/**
 * Returns the result of `promise`. If it is still pending after `timeoutMs`, calls `onStall` once.
 * To give up on `promise`, `onStall` must close its connection, so that it rejects.
 *
 * Counts ticks, not elapsed time: a blocked event loop delays responses that have already arrived.
 */
export async function withStallTimeout<T>(
  promise: PromiseLike<T>,
  timeoutMs: number,
  onStall: () => void,
): Promise<T> {
  let ticksLeft = TICKS;
  const timer = setInterval(() => {
    ticksLeft -= 1;
    if (ticksLeft === 0) onStall();
  }, timeoutMs / TICKS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

/** Whether the database responds over the process's pool within the timeout. */
export async function isDatabaseReachable(timeoutMs: number): Promise<boolean> {
  const query = sql()`select 1`.then(
    () => true,
    () => false,
  );
  return await withTimeout(query, timeoutMs, () => false);
}
