/**
 * Compares off the main thread. Asked with a DiffRequest, answers with a DiffAnswer.
 */

import type { ComparedAs } from '@/artifacts/kind';
import { type Comparison, compare } from '@/components/artifact/diff/compare';

export type DiffRequest = { id: number; before: string; after: string; as: ComparedAs };
/** `comparison` is null where it failed. */
export type DiffAnswer = { id: number; comparison: Comparison | null };

self.addEventListener('message', ({ data }: MessageEvent<DiffRequest>) => {
  let comparison: Comparison | null = null;
  try {
    comparison = compare(data.before, data.after, data.as);
  } catch {
    // Told as a comparison that failed.
  }
  self.postMessage({ id: data.id, comparison } satisfies DiffAnswer);
});
