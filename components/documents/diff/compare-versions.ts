import type { DiffMode } from '@/artifacts/kind';
import { COMPARISONS } from '@/artifacts/registry/comparisons';
import { type AlignedLine, alignLines } from '@/lib/client/documents/diff/align-lines';
import { type DiffPart, diffWords } from '@/lib/client/documents/diff/diff-words';
import type { DiffLine, VersionDiff } from '@/lib/client/documents/diff/types';

/** Diffs two versions of a document. Takes a few seconds at most. */
export function compareVersions(before: string, after: string, mode: DiffMode): VersionDiff {
  return COMPARISONS[mode]?.(before, after) ?? compareLines(before, after);
}

function compareLines(before: string, after: string): VersionDiff {
  const oldLines = splitTextLines(before);
  const newLines = splitTextLines(after);
  const { lines: alignedLines, coarse } = alignLines(oldLines, newLines);
  const lines = alignedLines.map((line): DiffLine => {
    const { left, right } = lineIndexes(line);
    const oldText = left === null ? '' : (oldLines[left] ?? '');
    const newText = right === null ? '' : (newLines[right] ?? '');
    return { ...lineNumbers(line), cells: [diffLineParts(line.change, oldText, newText)] };
  });
  return { lines, coarse };
}

/** Lines that differ only in their line ending count as equal. */
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
