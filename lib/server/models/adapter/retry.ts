/** Decides whether and when a request is retried. */
import { type Backoff, backoffMs } from '@/lib/shared/backoff';
import type { AttemptFailure } from './failure';

/** Attempts after the first. */
const MAX_RETRIES = 2;
/** Maximum total delay between attempts, in milliseconds. */
export const MAX_TOTAL_DELAY_MS = 10_000;

const BACKOFF: Backoff = { initialMs: 400, factor: 3 };

/**
 * Parses the Retry-After header (seconds or a date) into milliseconds from `nowMs`; null if absent
 * or invalid.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/**
 * Delay before the next attempt, in milliseconds. Null: no further attempt, because the failure is
 * permanent, the attempts are used up, or the total delay would exceed `MAX_TOTAL_DELAY_MS`.
 * @param retries attempts made after the first one so far.
 */
export function retryDelayMs(
  failure: AttemptFailure,
  retries: number,
  totalDelayMs: number,
): number | null {
  if (!failure.retry || retries >= MAX_RETRIES) return null;
  const delayMs = failure.retry.afterMs ?? backoffMs(retries, BACKOFF);
  return totalDelayMs + delayMs <= MAX_TOTAL_DELAY_MS ? delayMs : null;
}
