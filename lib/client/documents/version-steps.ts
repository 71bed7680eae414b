/** Steps through the versions of a document, which are listed newest first. */
import type { VersionSummary } from '@/lib/protocol/api';

export function previousVersion(
  versions: readonly VersionSummary[],
  version: number,
): VersionSummary | undefined {
  return versions.find((one) => one.version < version);
}

export function nextVersion(
  versions: readonly VersionSummary[],
  version: number,
): VersionSummary | undefined {
  return versions.findLast((one) => one.version > version);
}

/** The step that a version belongs to: saves that follow closely are listed as the last of them. */
export function listedVersionFor(
  versions: readonly VersionSummary[],
  version: number,
): VersionSummary | undefined {
  return versions.findLast((one) => one.version >= version);
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "5 minutes ago". @param isoTime ISO 8601 @param now milliseconds */
export function formatTimeAgo(isoTime: string, now: number): string {
  const seconds = (now - Date.parse(isoTime)) / 1000;
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}
