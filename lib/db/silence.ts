import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '@/lib/db/client';

const LOOK_MS = 500;

/**
 * What the database answers. Where it says nothing for as long as `patienceMs`, `giveUp` is called,
 * once: it ends the connection that is waited on, and with it the wait.
 *
 * Looks are counted, not time: where the event loop is late, answers lie unread.
 */
export async function unlessSilent<T>(
  answer: PromiseLike<T>,
  patienceMs: number,
  giveUp: () => void,
): Promise<T> {
  let looksLeft = Math.ceil(patienceMs / LOOK_MS);
  const timer = setInterval(() => {
    looksLeft -= 1;
    if (looksLeft === 0) giveUp();
  }, LOOK_MS);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
  }
}

/** Whether the database answers over the process's pool within this time. */
export async function databaseAnswers(patienceMs: number): Promise<boolean> {
  const asked = sql()`select 1`.then(
    () => true,
    () => false,
  );
  const late = sleep(patienceMs, false);
  return await Promise.race([asked, late]);
}
