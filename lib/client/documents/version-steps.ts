/** Navigates the versions of a document, which are listed newest first. */
import type { VersionSummary } from '@/lib/protocol/api';

export function previousVersion(
  versions: readonly VersionSummary[],
  version: number,
): VersionSummary | undefined {
  return versions.find((listed) => listed.version < version);
}

/**
 * Returns the listed version that covers this one: the list shows only the last of several saves in
 * quick succession.
 */
export function listedVersionFor(
  versions: readonly VersionSummary[],
  version: number,
): VersionSummary | undefined {
  return versions.findLast((listed) => listed.version >= version);
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/**
 * Formats a past time, for example "5 minutes ago".
 * @param isoTime ISO 8601
 * @param now milliseconds since the epoch
 */
export function formatTimeAgo(isoTime: string, now: number): string {
  const seconds = (now - Date.parse(isoTime)) / 1000;
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}
