/** Matches the app's log entries about frames that are delivered before their commit. */
const ENTRIES = /"time":(\d+),.*(are delivered before their commit|before their commit are saved)/g;

/**
 * Parses the app's last log entry about frames that were delivered before their commit: a busy
 * database takes longer than 250 ms.
 * @returns whether they are still not saved, and the entry's time (Unix, ms); null if there is none
 */
export function findLastEarlyDelivery(log: string): { isOngoing: boolean; time: number } | null {
  const [, time, message] = [...log.matchAll(ENTRIES)].at(-1) ?? [];
  if (time === undefined) return null;
  return { isOngoing: message === 'are delivered before their commit', time: Number(time) };
}
