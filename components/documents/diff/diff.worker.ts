/** Diffs versions off the main thread. Responds to each DiffRequest with a DiffResponse. */

import type { DiffMode } from '@/artifacts/kind';
import { compareVersions } from '@/components/documents/diff/compare-versions';
import type { VersionDiff } from '@/lib/client/documents/diff/types';

export type DiffRequest = { id: number; before: string; after: string; mode: DiffMode };
/** `diff` is null if the comparison failed. */
export type DiffResponse = { id: number; diff: VersionDiff | null };

self.addEventListener('message', ({ data }: MessageEvent<DiffRequest>) => {
  let diff: VersionDiff | null = null;
  try {
    diff = compareVersions(data.before, data.after, data.mode);
  } catch {
    // Reported as `diff: null`.
  }
  self.postMessage({ id: data.id, diff } satisfies DiffResponse);
});
