/** Exponential backoff: how the delay between retries grows. */
export type Backoff = {
  /** Delay before the first retry, in milliseconds. */
  initialMs: number;
  /** Upper limit of the delay before jitter, in milliseconds; unlimited if absent. */
  maxMs?: number;
  /** Factor from each delay to the next; 2 if absent. */
  factor?: number;
  /**
   * Random share that is added or subtracted: 0.25 yields 75 to 125 % of the delay, so that many
   * clients do not retry simultaneously. None if absent.
   */
  jitter?: number;
};

/**
 * Returns the delay before a retry, in milliseconds.
 * @param attempt retries made before, so 0 for the first one
 */
export function backoffMs(
  attempt: number,
  { initialMs, maxMs = Number.POSITIVE_INFINITY, factor = 2, jitter = 0 }: Backoff,
): number {
  const delayMs = Math.min(maxMs, initialMs * factor ** attempt);
  return delayMs * (1 + jitter * (2 * Math.random() - 1));
}
