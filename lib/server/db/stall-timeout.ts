import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '@/lib/server/db/client';

const TICK_MS = 500;

/**
 * What the database answers. Where it says nothing for as long as `patienceMs`, `giveUp` is called,
 * once: it ends the connection that is waited on, and with it the wait.
 *
 * Looks are counted, not time: where the event loop is late, answers lie unread.
 */
export async function withStallTimeout<T>(
  promise: PromiseLike<T>,
  timeoutMs: number,
  onStall: () => void,
): Promise<T> {
  let ticksLeft = Math.ceil(timeoutMs / TICK_MS);
  const timer = setInterval(() => {
    ticksLeft -= 1;
    if (ticksLeft === 0) onStall();
  }, TICK_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

/** Whether the database answers over the process's pool within this time. */
export async function isDatabaseReachable(timeoutMs: number): Promise<boolean> {
  const query = sql()`select 1`.then(
    () => true,
    () => false,
  );
  const timeout = sleep(timeoutMs, false);
  return await Promise.race([query, timeout]);
}
