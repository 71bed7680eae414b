/**
 * Compares off the main thread. Asked with a DiffRequest, answers with a DiffAnswer.
 */

import type { DiffMode } from '@/artifacts/kind';
import { compareVersions, type VersionDiff } from '@/components/documents/diff/compare-versions';

export type DiffRequest = { id: number; before: string; after: string; mode: DiffMode };
/** `comparison` is null where it failed. */
export type DiffResponse = { id: number; diff: VersionDiff | null };

self.addEventListener('message', ({ data }: MessageEvent<DiffRequest>) => {
  let diff: VersionDiff | null = null;
  try {
    diff = compareVersions(data.before, data.after, data.mode);
  } catch {
    // Told as a comparison that failed.
  }
  self.postMessage({ id: data.id, diff } satisfies DiffResponse);
});
