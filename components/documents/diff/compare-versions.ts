import type { DiffMode } from '@/artifacts/kind';
import { compareSheets } from '@/artifacts/sheet/compare-sheets';
import { type AlignedLine, alignLines } from '@/lib/client/documents/diff/align-lines';
import { type DiffPart, diffWords } from '@/lib/client/documents/diff/diff-words';

/** A line of the comparison; of a sheet, a row. */
export type DiffLine = {
  change: 'same' | 'changed' | 'removed' | 'added';
  /** Its number, from 1, in the version before and in the one after; null where it is not there. */
  before: number | null;
  after: number | null;
  /** What it holds: one cell, or as many as the sheet has columns. */
  cells: DiffPart[][];
};

export type VersionDiff = {
  lines: DiffLine[];
  /** Whether the versions differ too much to be told apart line by line in the time there is. */
  coarse: boolean;
};

/** What changed from one version of a document to another. Takes a few seconds at most. */
export function compareVersions(before: string, after: string, mode: DiffMode): VersionDiff {
  const sheets = mode === 'table' ? compareSheets(before, after) : null;
  return sheets ?? compareLines(before, after);
}

function compareLines(before: string, after: string): VersionDiff {
  const old = splitTextLines(before);
  const now = splitTextLines(after);
  const { lines: steps, coarse } = alignLines(old, now);
  const lines = steps.map((step): DiffLine => {
    const { left, right } = lineIndexes(step);
    const was = left === null ? '' : (old[left] ?? '');
    const is = right === null ? '' : (now[right] ?? '');
    return { ...lineNumbers(step), cells: [diffLineParts(step.change, was, is)] };
  });
  return { lines, coarse };
}

/** Line ends are no difference: a line that ends otherwise reads the same. */
function splitTextLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function lineIndexes(line: AlignedLine): { left: number | null; right: number | null } {
  return {
    left: line.change === 'added' ? null : line.before,
    right: line.change === 'removed' ? null : line.after,
  };
}

function lineNumbers(line: AlignedLine): Pick<DiffLine, 'change' | 'before' | 'after'> {
  const { left, right } = lineIndexes(line);
  return {
    change: line.change,
    before: left === null ? null : left + 1,
    after: right === null ? null : right + 1,
  };
}

function diffLineParts(change: AlignedLine['change'], before: string, after: string): DiffPart[] {
  if (change === 'changed') return diffWords(before, after);
  const text = change === 'removed' ? before : after;
  return text ? [{ text, change }] : [];
}
