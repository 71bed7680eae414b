/** One clock for all processes of a benchmark, and the time stamps that tokens consist of. */

/** Milliseconds of the machine's monotonic clock; comparable between processes. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * A stamp counts hundredths of a millisecond in six base-36 digits: it wraps around after 6 hours.
 */
const UNITS_PER_MS = 100;
const DIGITS = 6;
const RANGE = 36 ** DIGITS;

export const STAMP_LENGTH = DIGITS;

export function formatStamp(timeMs: number): string {
  return (Math.floor(timeMs * UNITS_PER_MS) % RANGE).toString(36).padStart(DIGITS, '0');
}

/** The time of a stamp: at most `notAfterMs`, and less than 6 hours before it. */
export function timeFromStamp(stamp: string, notAfterMs: number): number {
  const ageUnits =
    (((notAfterMs * UNITS_PER_MS - Number.parseInt(stamp, 36)) % RANGE) + RANGE) % RANGE;
  return notAfterMs - ageUnits / UNITS_PER_MS;
}
