/** Times and durations in words, in the browser's locale unless another one is given. */

/** Seconds per unit, largest first. */
const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/**
 * Formats a past time relative to now: "5 minutes ago", "yesterday", "now" in the first minute.
 * @param now in milliseconds since the epoch
 */
export function formatRelativeTime(time: Date, now: number, locale?: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // The clocks of server and browser may differ.
  const seconds = Math.max(0, (now - time.getTime()) / 1_000);
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return format.format(0, 'second');
}

/** Formats a time with its date and its seconds. */
export function formatExactTime(time: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(time);
}

/** Formats a duration: "320 ms", "1.4 sec", "2 min 5 sec". */
export function formatDuration(ms: number, locale?: string): string {
  const unit = (value: number, name: string, maximumFractionDigits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits }).format(
      value,
    );
  if (ms < 1_000) return unit(ms, 'millisecond');
  if (ms < 59_950) return unit(ms / 1_000, 'second', 1);
  const seconds = Math.round(ms / 1_000);
  return `${unit(Math.floor(seconds / 60), 'minute')} ${unit(seconds % 60, 'second')}`;
}
