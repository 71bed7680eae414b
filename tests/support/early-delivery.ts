import type { TestApp } from '@/tests/support/app';
import { waitUntil } from '@/tests/support/wait-until';

/** Matches the app's log entries about frames that are delivered before their commit. */
const ENTRIES = /"time":(\d+),.*(are delivered before their commit|before their commit are saved)/g;

/**
 * Parses the app's last log entry about frames that were delivered before their commit: a busy
 * database takes longer than 250 ms.
 * @returns whether they are still not saved, and the entry's time (Unix, ms); null if there is none
 */
function findLastEarlyDelivery(log: string): { isOngoing: boolean; time: number } | null {
  const [, time, message] = [...log.matchAll(ENTRIES)].at(-1) ?? [];
  if (time === undefined) return null;
  return { isOngoing: message === 'are delivered before their commit', time: Number(time) };
}

/**
 * Whether the app delivered frames before their commit at the kill: its last log entry about it
 * reports the start, or an end less than 500 ms before the kill.
 * @param killedAt Unix time, ms
 * @param log of the app with LOG_LEVEL=info
 */
export function wasAheadOfCommitsAt(killedAt: number, log: string): boolean {
  const last = findLastEarlyDelivery(log);
  return last !== null && (last.isOngoing || last.time > killedAt - 500);
}

/**
 * Waits until the app has saved all frames that it delivered before their commit, so that a crash
 * loses none of them. The answer must be on hold: further frames could again be delivered early.
 * @param app with LOG_LEVEL=info
 */
export async function waitUntilFramesSaved(app: TestApp, timeoutMs?: number): Promise<void> {
  await waitUntil(() => {
    if (findLastEarlyDelivery(app.logs())?.isOngoing) throw new Error('Frames are not saved yet.');
  }, timeoutMs);
}
