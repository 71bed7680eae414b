/** What a person can do to a sheet. Each gives a new sheet, or the same one where nothing changes. */
import { numberOf } from '@/artifacts/sheet/numbers';
import { makeSheet, type Range, type Row, type Sheet } from '@/artifacts/sheet/sheet';

const newRow = (cells: readonly string[], lineEnd = ''): Row => ({ cells, source: null, lineEnd });

/** Puts cells into the sheet from a place on, which grows where they reach beyond it. */
export function setCells(
  sheet: Sheet,
  top: number,
  left: number,
  cells: readonly (readonly string[])[],
): Sheet {
  const rows = sheet.rows.slice();
  let changed = false;
  cells.forEach((line, index) => {
    const at = top + index;
    while (rows.length <= at) rows.push(emptyRow(sheet));
    const row = rows[at] as Row;
    if (line.every((cell, column) => cell === (row.cells[left + column] ?? ''))) return;
    const next = row.cells.slice();
    line.forEach((cell, column) => {
      while (next.length <= left + column) next.push('');
      next[left + column] = cell;
    });
    rows[at] = newRow(next, row.lineEnd);
    changed = true;
  });
  return changed || rows.length > sheet.rows.length ? makeSheet(rows, sheet.dialect) : sheet;
}

export function clearCells(sheet: Sheet, { top, left, bottom, right }: Range): Sheet {
  const rows = sheet.rows.map((row, index) => {
    if (index < top || index > bottom) return row;
    if (row.cells.slice(left, right + 1).every((cell) => cell === '')) return row;
    const cells = row.cells.map((cell, column) => (column < left || column > right ? cell : ''));
    return newRow(cells, row.lineEnd);
  });
  const changed = rows.some((row, index) => row !== sheet.rows[index]);
  return changed ? makeSheet(rows, sheet.dialect) : sheet;
}

export function insertRows(sheet: Sheet, at: number, count: number): Sheet {
  const added = Array.from({ length: count }, () => emptyRow(sheet));
  return makeSheet(sheet.rows.toSpliced(at, 0, ...added), sheet.dialect);
}

export function removeRows(sheet: Sheet, from: number, count: number): Sheet {
  return makeSheet(sheet.rows.toSpliced(from, count), sheet.dialect);
}

export function insertColumns(sheet: Sheet, at: number, count: number): Sheet {
  const added: string[] = Array(count).fill('');
  const rows = sheet.rows.map((row, index) => {
    // Where a row has ended, it is empty anyway; but the first one names the columns.
    if (row.cells.length < at && index > 0) return row;
    const cells = row.cells.slice();
    while (cells.length < at) cells.push('');
    return newRow(cells.toSpliced(at, 0, ...added), row.lineEnd);
  });
  return makeSheet(rows, sheet.dialect);
}

export function removeColumns(sheet: Sheet, from: number, count: number): Sheet {
  const rows = sheet.rows.map((row) => {
    if (row.cells.length <= from) return row;
    const cells = row.cells.toSpliced(from, count);
    return newRow(cells.length > 0 ? cells : [''], row.lineEnd);
  });
  return makeSheet(rows, sheet.dialect);
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Orders the rows below the first by a column: numbers by value, empty cells last. */
export function sortRows(sheet: Sheet, column: number, descending: boolean): Sheet {
  const [first, ...rest] = sheet.rows;
  if (!first) return sheet;
  const keyed = rest.map((row) => {
    const text = (row.cells[column] ?? '').trim();
    return { row, text, value: numberOf(text) };
  });
  keyed.sort((one, other) => {
    if (!one.text || !other.text) return Number(!one.text) - Number(!other.text);
    const order = compare(one, other);
    return descending ? -order : order;
  });
  const rows = [first, ...keyed.map(({ row }) => row)];
  const changed = rows.some((row, index) => row !== sheet.rows[index]);
  return changed ? makeSheet(rows, sheet.dialect) : sheet;
}

type Key = { text: string; value: number | null };

function compare(one: Key, other: Key): number {
  if (one.value !== null && other.value !== null) return one.value - other.value;
  // Numbers come before words.
  if (one.value !== null || other.value !== null) return one.value !== null ? -1 : 1;
  return collator.compare(one.text, other.text);
}

function emptyRow({ width }: Sheet): Row {
  return newRow(Array(Math.max(1, width)).fill(''));
}
