import type { ComparedAs } from '@/artifacts/kind';
import { align, type Step } from '@/components/artifact/diff/align';
import { compareSheets } from '@/components/artifact/diff/compare-sheets';
import { diffWords, type Piece } from '@/components/artifact/diff/words';

/** A line of the comparison; of a sheet, a row. */
export type DiffLine = {
  change: 'same' | 'changed' | 'removed' | 'added';
  /** Its number, from 1, in the version before and in the one after; null where it is not there. */
  before: number | null;
  after: number | null;
  /** What it holds: one cell, or as many as the sheet has columns. */
  cells: Piece[][];
};

export type Comparison = {
  lines: DiffLine[];
  /** Whether the versions differ too much to be told apart line by line in the time there is. */
  coarse: boolean;
};

/** What changed from one version of a document to another. Takes a few seconds at most. */
export function compare(before: string, after: string, as: ComparedAs): Comparison {
  const sheets = as === 'table' ? compareSheets(before, after) : null;
  return sheets ?? compareLines(before, after);
}

function compareLines(before: string, after: string): Comparison {
  const old = linesOf(before);
  const now = linesOf(after);
  const { steps, coarse } = align(old, now);
  const lines = steps.map((step): DiffLine => {
    const { left, right } = sidesOf(step);
    const was = left === null ? '' : (old[left] ?? '');
    const is = right === null ? '' : (now[right] ?? '');
    return { ...numbersOf(step), cells: [piecesOf(step.change, was, is)] };
  });
  return { lines, coarse };
}

/** Line ends are no difference: a line that ends otherwise reads the same. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function sidesOf(step: Step): { left: number | null; right: number | null } {
  return {
    left: step.change === 'added' ? null : step.before,
    right: step.change === 'removed' ? null : step.after,
  };
}

function numbersOf(step: Step): Pick<DiffLine, 'change' | 'before' | 'after'> {
  const { left, right } = sidesOf(step);
  return {
    change: step.change,
    before: left === null ? null : left + 1,
    after: right === null ? null : right + 1,
  };
}

function piecesOf(change: Step['change'], before: string, after: string): Piece[] {
  if (change === 'changed') return diffWords(before, after);
  const text = change === 'removed' ? before : after;
  return text ? [{ text, change }] : [];
}
