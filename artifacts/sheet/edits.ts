/** Edits of a sheet. Each returns a new sheet, or the same one if nothing changes. */
import { parseNumber } from '@/artifacts/sheet/numbers';
import { createSheet, type Range, type Row, type Sheet } from '@/artifacts/sheet/sheet';

const newRow = (cells: readonly string[], lineEnd = ''): Row => ({ cells, source: null, lineEnd });

/** Writes cells from `top` and `left` on. The sheet grows if they exceed it. */
export function setCells(
  sheet: Sheet,
  top: number,
  left: number,
  cells: readonly (readonly string[])[],
): Sheet {
  const rows = sheet.rows.slice();
  let changed = false;
  cells.forEach((rowCells, index) => {
    const rowIndex = top + index;
    while (rows.length <= rowIndex) rows.push(emptyRow(sheet));
    const row = rows[rowIndex] as Row;
    if (rowCells.every((cell, column) => cell === (row.cells[left + column] ?? ''))) return;
    const next = row.cells.slice();
    rowCells.forEach((cell, column) => {
      while (next.length <= left + column) next.push('');
      next[left + column] = cell;
    });
    rows[rowIndex] = newRow(next, row.lineEnd);
    changed = true;
  });
  return changed || rows.length > sheet.rows.length ? createSheet(rows, sheet.dialect) : sheet;
}

export function clearCells(sheet: Sheet, { top, left, bottom, right }: Range): Sheet {
  const rows = sheet.rows.map((row, index) => {
    if (index < top || index > bottom) return row;
    if (row.cells.slice(left, right + 1).every((cell) => cell === '')) return row;
    const cells = row.cells.map((cell, column) => (column < left || column > right ? cell : ''));
    return newRow(cells, row.lineEnd);
  });
  const changed = rows.some((row, index) => row !== sheet.rows[index]);
  return changed ? createSheet(rows, sheet.dialect) : sheet;
}

export function insertRows(sheet: Sheet, rowIndex: number, count: number): Sheet {
  const added = Array.from({ length: count }, () => emptyRow(sheet));
  return createSheet(sheet.rows.toSpliced(rowIndex, 0, ...added), sheet.dialect);
}

export function removeRows(sheet: Sheet, from: number, count: number): Sheet {
  return createSheet(sheet.rows.toSpliced(from, count), sheet.dialect);
}

export function insertColumns(sheet: Sheet, columnIndex: number, count: number): Sheet {
  const added: string[] = Array(count).fill('');
  const rows = sheet.rows.map((row, index) => {
    // A shorter row needs no empty cells, except the first row, which names the columns.
    if (row.cells.length < columnIndex && index > 0) return row;
    const cells = row.cells.slice();
    while (cells.length < columnIndex) cells.push('');
    return newRow(cells.toSpliced(columnIndex, 0, ...added), row.lineEnd);
  });
  return createSheet(rows, sheet.dialect);
}

export function removeColumns(sheet: Sheet, from: number, count: number): Sheet {
  const rows = sheet.rows.map((row) => {
    if (row.cells.length <= from) return row;
    const cells = row.cells.toSpliced(from, count);
    return newRow(cells.length > 0 ? cells : [''], row.lineEnd);
  });
  return createSheet(rows, sheet.dialect);
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Sorts the rows below the header by a column: numbers by value, empty cells last. */
export function sortRows(sheet: Sheet, column: number, descending: boolean): Sheet {
  const [first, ...rest] = sheet.rows;
  if (!first) return sheet;
  const keyed = rest.map((row) => {
    const text = (row.cells[column] ?? '').trim();
    return { row, text, value: parseNumber(text) };
  });
  keyed.sort((a, b) => {
    if (!a.text || !b.text) return Number(!a.text) - Number(!b.text);
    const order = compare(a, b);
    return descending ? -order : order;
  });
  const rows = [first, ...keyed.map(({ row }) => row)];
  const changed = rows.some((row, index) => row !== sheet.rows[index]);
  return changed ? createSheet(rows, sheet.dialect) : sheet;
}

type SortKey = { text: string; value: number | null };

function compare(a: SortKey, b: SortKey): number {
  if (a.value !== null && b.value !== null) return a.value - b.value;
  // Numbers sort before text.
  if (a.value !== null || b.value !== null) return a.value !== null ? -1 : 1;
  return collator.compare(a.text, b.text);
}

function emptyRow({ width }: Sheet): Row {
  return newRow(Array(Math.max(1, width)).fill(''));
}
