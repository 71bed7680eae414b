/** One clock for all processes of a benchmark, and the stamps by which tokens carry its time. */

/** Milliseconds of the machine's monotonic clock: the same in every process. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** A stamp counts hundredths of a millisecond in six digits: it begins anew after six hours. */
const UNITS_PER_MS = 100;
const DIGITS = 6;
const RANGE = 36 ** DIGITS;

export const STAMP_LENGTH = DIGITS;

export function stampOf(at: number): string {
  return (Math.floor(at * UNITS_PER_MS) % RANGE).toString(36).padStart(DIGITS, '0');
}

/** The time that a stamp stands for, not later than `by` and less than six hours before it. */
export function timeFromStamp(stamp: string, notAfterMs: number): number {
  const ageUnits =
    (((notAfterMs * UNITS_PER_MS - Number.parseInt(stamp, 36)) % RANGE) + RANGE) % RANGE;
  return notAfterMs - ageUnits / UNITS_PER_MS;
}
