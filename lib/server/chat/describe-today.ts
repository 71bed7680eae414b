/** Dates as the user's clock shows them. Pure. */

/**
 * The date of a moment in a time zone, with the zone: `Sunday, 29 November 2026 (time zone
 * Europe/Berlin, GMT+01:00)`. Without the time of day, so that a server's cached prompt stays valid
 * all day.
 * @param timeZone an IANA name, unchecked; absent or unknown: the server's own zone
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
    // Not a zone that this server knows.
    return null;
  }
}
