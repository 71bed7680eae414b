/** Formats dates in the user's time zone. Pure. */

/**
 * Returns the date in a time zone, with the zone:
 * `Sunday, 29 November 2026 (time zone Europe/Berlin, GMT+01:00)`.
 * Omits the time of day, so that a model server's prompt cache stays valid all day.
 * @param timeZone IANA name, unvalidated; if absent or unknown, the server's zone is used
 */
export function describeToday(now: Date, timeZone: string | undefined): string {
  const format = dateFormat(timeZone) ?? dateFormat(undefined);
  const parts = format?.formatToParts(now) ?? [];
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value;
  const date = `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}`;
  return `${date} (time zone ${format?.resolvedOptions().timeZone}, ${part('timeZoneName')})`;
}

function dateFormat(timeZone: string | undefined): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZoneName: 'longOffset',
      timeZone: timeZone || undefined,
    });
  } catch {
    // A time zone that this server does not know.
    return null;
  }
}
