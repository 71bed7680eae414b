import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { cellAt, type Sheet } from '@/artifacts/sheet/sheet';
import { align, type Step } from '@/components/artifact/diff/align';
import type { Comparison, DiffLine } from '@/components/artifact/diff/compare';
import { diffWords, type Piece } from '@/components/artifact/diff/words';

/** A wider sheet is no table that anybody reads: it is compared as text. */
const MAX_COLUMNS = 200;
/** What no cell holds. */
const BETWEEN = '\u001F';

/** What changed between two sheets, by rows and cells; null where they are too wide for that. */
export function compareSheets(before: string, after: string): Comparison | null {
  const old = parseSheet(before);
  const now = parseSheet(after);
  if (Math.max(old.width, now.width) > MAX_COLUMNS) return null;
  const columns = alignColumns(old, now);
  const { steps, coarse } = align(
    keysOf(old, columns, ({ left }) => left),
    keysOf(now, columns, ({ right }) => right),
  );
  return { lines: steps.map((step) => lineOf(step, old, now, columns)), coarse };
}

/** A column in either sheet; null where it is not there. */
type Column = { left: number | null; right: number | null };

/** Which columns are which, by their names. As many new names as old ones are new names for them. */
function alignColumns(old: Sheet, now: Sheet): Column[] {
  const namesOf = (sheet: Sheet) =>
    Array.from({ length: sheet.width }, (_, column) => cellAt(sheet, 0, column));
  const columns: Column[] = [];
  let left: number[] = [];
  let right: number[] = [];
  const flush = () => {
    if (left.length === right.length) {
      columns.push(...left.map((column, index) => ({ left: column, right: right[index] ?? null })));
    } else {
      columns.push(...left.map((column) => ({ left: column, right: null })));
      columns.push(...right.map((column) => ({ left: null, right: column })));
    }
    left = [];
    right = [];
  };
  for (const step of align(namesOf(old), namesOf(now)).steps) {
    if (step.change === 'removed') left.push(step.before);
    else if (step.change === 'added') right.push(step.after);
    else {
      flush();
      columns.push({ left: step.before, right: step.after });
    }
  }
  flush();
  return columns;
}

/** Each row as one text of the cells that both sheets have. */
function keysOf(sheet: Sheet, columns: Column[], side: (column: Column) => number | null) {
  const common = columns.filter(({ left, right }) => left !== null && right !== null).map(side);
  return sheet.rows.map(({ cells }) =>
    common.map((column) => (column === null ? '' : (cells[column] ?? ''))).join(BETWEEN),
  );
}

function lineOf(step: Step, old: Sheet, now: Sheet, columns: Column[]): DiffLine {
  const before = step.change === 'added' ? null : step.before;
  const after = step.change === 'removed' ? null : step.after;
  const cells = columns.map(({ left, right }) => {
    const was = before === null || left === null ? '' : cellAt(old, before, left);
    const is = after === null || right === null ? '' : cellAt(now, after, right);
    return piecesOf(was, is);
  });
  const touched = cells.some((pieces) => pieces.some(({ change }) => change !== 'same'));
  const change = step.change === 'same' && touched ? 'changed' : step.change;
  return {
    change,
    before: before === null ? null : before + 1,
    after: after === null ? null : after + 1,
    cells,
  };
}

function piecesOf(before: string, after: string): Piece[] {
  if (before === after) return before ? [{ text: before, change: 'same' }] : [];
  return diffWords(before, after);
}
