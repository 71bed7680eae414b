import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { cellAt, type Sheet } from '@/artifacts/sheet/sheet';
import { type AlignedLine, alignLines } from '@/lib/client/documents/diff/align-lines';
import { type DiffPart, diffWords } from '@/lib/client/documents/diff/diff-words';
import type { DiffLine, VersionDiff } from '@/lib/client/documents/diff/types';

/** Wider sheets are compared as text. */
const MAX_COLUMNS = 200;
/** Occurs in no cell: the ASCII unit separator. */
const CELL_SEPARATOR = '\u001F';

/** Compares two sheets by rows and cells. Returns null if one is wider than `MAX_COLUMNS`. */
export function compareSheets(before: string, after: string): VersionDiff | null {
  const beforeSheet = parseSheet(before);
  const afterSheet = parseSheet(after);
  if (Math.max(beforeSheet.width, afterSheet.width) > MAX_COLUMNS) return null;
  const columns = alignColumns(beforeSheet, afterSheet);
  const { lines, coarse } = alignLines(
    rowKeys(beforeSheet, columns, ({ left }) => left),
    rowKeys(afterSheet, columns, ({ right }) => right),
  );
  return { lines: lines.map((line) => diffRow(line, beforeSheet, afterSheet, columns)), coarse };
}

/** The index of a column in each sheet; null if the sheet lacks it. */
type Column = { left: number | null; right: number | null };

/** Aligns columns by name. As many added as removed names in one place count as renamed. */
function alignColumns(beforeSheet: Sheet, afterSheet: Sheet): Column[] {
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
  for (const line of alignLines(namesOf(beforeSheet), namesOf(afterSheet)).lines) {
    if (line.change === 'removed') left.push(line.before);
    else if (line.change === 'added') right.push(line.after);
    else {
      flush();
      columns.push({ left: line.before, right: line.after });
    }
  }
  flush();
  return columns;
}

/** Joins the cells of each row in the columns that both sheets have. */
function rowKeys(sheet: Sheet, columns: Column[], side: (column: Column) => number | null) {
  const common = columns.filter(({ left, right }) => left !== null && right !== null).map(side);
  return sheet.rows.map(({ cells }) =>
    common.map((column) => (column === null ? '' : (cells[column] ?? ''))).join(CELL_SEPARATOR),
  );
}

function diffRow(
  line: AlignedLine,
  beforeSheet: Sheet,
  afterSheet: Sheet,
  columns: Column[],
): DiffLine {
  const before = line.change === 'added' ? null : line.before;
  const after = line.change === 'removed' ? null : line.after;
  const cells = columns.map(({ left, right }) => {
    const oldText = before === null || left === null ? '' : cellAt(beforeSheet, before, left);
    const newText = after === null || right === null ? '' : cellAt(afterSheet, after, right);
    return diffCell(oldText, newText);
  });
  const isChanged = cells.some((parts) => parts.some(({ change }) => change !== 'same'));
  const change = line.change === 'same' && isChanged ? 'changed' : line.change;
  return {
    change,
    before: before === null ? null : before + 1,
    after: after === null ? null : after + 1,
    cells,
  };
}

function diffCell(before: string, after: string): DiffPart[] {
  if (before === after) return before ? [{ text: before, change: 'same' }] : [];
  return diffWords(before, after);
}
