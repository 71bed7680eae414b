import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { cellAt, type Sheet } from '@/artifacts/sheet/sheet';
import type { DiffLine, VersionDiff } from '@/components/documents/diff/compare-versions';
import { type AlignedLine, alignLines } from '@/lib/client/documents/diff/align-lines';
import { type DiffPart, diffWords } from '@/lib/client/documents/diff/diff-words';

/** A wider sheet is no table that anybody reads: it is compared as text. */
const MAX_COLUMNS = 200;
/** What no cell holds. */
const CELL_SEPARATOR = '\u001F';

/** What changed between two sheets, by rows and cells; null where they are too wide for that. */
export function compareSheets(before: string, after: string): VersionDiff | null {
  const beforeSheet = parseSheet(before);
  const afterSheet = parseSheet(after);
  if (Math.max(beforeSheet.width, afterSheet.width) > MAX_COLUMNS) return null;
  const columns = alignColumns(beforeSheet, afterSheet);
  const { lines, coarse } = alignLines(
    rowKeys(beforeSheet, columns, ({ left }) => left),
    rowKeys(afterSheet, columns, ({ right }) => right),
  );
  return { lines: lines.map((step) => diffRow(step, beforeSheet, afterSheet, columns)), coarse };
}

/** A column in either sheet; null where it is not there. */
type Column = { left: number | null; right: number | null };

/** Which columns are which, by their names. As many new names as old ones are new names for them. */
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
  for (const step of alignLines(namesOf(beforeSheet), namesOf(afterSheet)).lines) {
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
    const was = before === null || left === null ? '' : cellAt(beforeSheet, before, left);
    const is = after === null || right === null ? '' : cellAt(afterSheet, after, right);
    return diffCell(was, is);
  });
  const isChanged = cells.some((pieces) => pieces.some(({ change }) => change !== 'same'));
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
