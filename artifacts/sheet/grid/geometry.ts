/** Positions of cells in pixels. All rows have the same height, so a row is found by division. */
import type { Cell } from '@/artifacts/sheet/selection';
import type { Sheet } from '@/artifacts/sheet/sheet';

export const ROW_PX = 32;
const CHAR_PX = 8.6;
const PADDING_PX = 26;
const ROW_NUMBER_DIGIT_PX = 8;
const ROW_NUMBER_PADDING_PX = 20;
const MIN_COLUMN_PX = 72;
const MAX_INITIAL_COLUMN_PX = 300;
const MAX_COLUMN_PX = 1_000;
/** The rows whose content determines the initial column widths. */
const SAMPLE_ROWS = 100;
/** Longer cells count as this long: they reach `MAX_INITIAL_COLUMN_PX` anyway. */
const MAX_MEASURED_CHARS = 40;
/** Characters that are as wide as two Latin letters: East Asian ones and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3ffff}]/u;

export type GridGeometry = {
  /** The start of each column, and the end of the last one. */
  offsets: Float64Array;
  /** The width of the column of row numbers. */
  rowHeaderWidth: number;
};

/** @param resizedWidths widths set by the user, by column */
export function measureGrid(
  sheet: Sheet,
  resizedWidths: ReadonlyMap<number, number>,
): GridGeometry {
  const columnCount = Math.max(1, sheet.width);
  const offsets = new Float64Array(columnCount + 1);
  const fittedWidths = contentWidths(sheet, columnCount);
  for (let column = 0; column < columnCount; column++) {
    const width = resizedWidths.get(column) ?? fittedWidths[column] ?? MIN_COLUMN_PX;
    offsets[column + 1] = (offsets[column] ?? 0) + width;
  }
  const digits = Math.max(2, String(Math.max(0, sheet.rows.length - 1)).length);
  return { offsets, rowHeaderWidth: digits * ROW_NUMBER_DIGIT_PX + ROW_NUMBER_PADDING_PX };
}

/** Returns the widths that fit the first rows. Visits only cells that exist. */
function contentWidths(sheet: Sheet, columnCount: number): Float64Array {
  const chars = new Float64Array(columnCount);
  for (const { cells } of sheet.rows.slice(0, SAMPLE_ROWS)) {
    for (let column = 0; column < cells.length; column++) {
      chars[column] = Math.max(chars[column] ?? 0, displayWidth(cells[column] ?? ''));
    }
  }
  return chars.map((max) => clampWidth(max * CHAR_PX + PADDING_PX, MAX_INITIAL_COLUMN_PX));
}

/** An estimate of the width, in Latin letters. */
function displayWidth(cell: string): number {
  if (cell.length > MAX_MEASURED_CHARS) return MAX_MEASURED_CHARS;
  let width = 0;
  for (const char of cell) width += WIDE.test(char) ? 2 : 1;
  return width;
}

export const clampWidth = (px: number, max = MAX_COLUMN_PX) =>
  Math.round(Math.min(max, Math.max(MIN_COLUMN_PX, px)));

export const columnWidth = ({ offsets }: GridGeometry, column: number) =>
  (offsets[column + 1] ?? 0) - (offsets[column] ?? 0);

/** Returns the column at a distance from the left edge of the first column. */
export function columnAt(offsets: Float64Array, x: number): number {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** No browser scales a page down far enough for more pixels to fit on the paper. */
const MAX_PRINTED_PX = 8_000;
/** Printing renders all its cells at once: this many take a few seconds. */
const MAX_PRINTED_CELLS = 50_000;

/** Returns the number of columns and rows to print, the header row included. */
export function printedSize(
  { offsets }: GridGeometry,
  rowCount: number,
): { columns: number; rows: number } {
  const columns = columnAt(offsets, MAX_PRINTED_PX) + 1;
  return { columns, rows: Math.min(rowCount, 1 + Math.floor(MAX_PRINTED_CELLS / columns)) };
}

/**
 * Returns the cell at a viewport position. Clamps the column, but not the row.
 * @param behindHeader returns a row that the sticky header covers, not the header. A drag from the
 * data rows upwards needs this to scroll up.
 */
export function cellAtPoint(
  scroller: HTMLElement,
  geometry: GridGeometry,
  { clientX, clientY }: { clientX: number; clientY: number },
  behindHeader = false,
): Cell {
  const rect = scroller.getBoundingClientRect();
  const column = columnAt(
    geometry.offsets,
    clientX - rect.left - geometry.rowHeaderWidth + scroller.scrollLeft,
  );
  const below = clientY - rect.top - ROW_PX;
  const isHeader = below < 0 && (!behindHeader || scroller.scrollTop === 0);
  const row = isHeader ? 0 : 1 + Math.floor((below + scroller.scrollTop) / ROW_PX);
  return { row, column };
}

/** Scrolls as little as needed to show the whole cell next to the sticky header row and column. */
export function scrollCellIntoView(
  scroller: HTMLElement,
  geometry: GridGeometry,
  { row, column }: Cell,
): void {
  const { offsets, rowHeaderWidth } = geometry;
  if (row > 0) {
    const top = (row - 1) * ROW_PX;
    const height = scroller.clientHeight - ROW_PX;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW_PX > scroller.scrollTop + height) scroller.scrollTop = top + ROW_PX - height;
  }
  const left = offsets[column] ?? 0;
  const right = offsets[column + 1] ?? left;
  const width = scroller.clientWidth - rowHeaderWidth;
  if (left < scroller.scrollLeft) scroller.scrollLeft = left;
  else if (right > scroller.scrollLeft + width) scroller.scrollLeft = Math.min(left, right - width);
}
