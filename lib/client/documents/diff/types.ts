import type { DiffPart } from '@/lib/client/documents/diff/diff-words';

/** A line of the diff; for a sheet, a row. */
export type DiffLine = {
  change: 'same' | 'changed' | 'removed' | 'added';
  /** Line numbers, from 1, in the old and the new version; null if absent there. */
  before: number | null;
  after: number | null;
  /** The line's content: one cell, or one per column of the sheet. */
  cells: DiffPart[][];
};

export type VersionDiff = {
  lines: DiffLine[];
  /** Whether the alignment timed out, so that the diff is only rough. */
  coarse: boolean;
};
