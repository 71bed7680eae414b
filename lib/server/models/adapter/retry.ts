/** When another attempt is made, and after how long. */
import type { AttemptFailure } from './failure';

/** Attempts beyond the first. */
const MAX_RETRIES = 2;
/** All waiting between attempts together, in milliseconds. */
export const MAX_TOTAL_DELAY_MS = 10_000;

const INITIAL_DELAY_MS = 400;

/** The Retry-After header (seconds or a date) as milliseconds from `nowMs`; null where it is absent. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/**
 * How long to wait before the next attempt, in milliseconds; null for no further attempt: the
 * failure is none that passes, the attempts are used up, or the endpoint asks for more patience
 * than a person has.
 * @param retries attempts made beyond the first so far.
 */
export function retryDelayMs(
  failure: AttemptFailure,
  retries: number,
  totalDelayMs: number,
): number | null {
  if (!failure.retry || retries >= MAX_RETRIES) return null;
  const delayMs = failure.retry.afterMs ?? INITIAL_DELAY_MS * 3 ** retries;
  return totalDelayMs + delayMs <= MAX_TOTAL_DELAY_MS ? delayMs : null;
}

/** @throws the signal's reason as soon as it is aborted. */
export function abortableSleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(finish, ms);
    function finish(): void {
      signal?.removeEventListener('abort', cancel);
      resolve();
    }
    function cancel(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
