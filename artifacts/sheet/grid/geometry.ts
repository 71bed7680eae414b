/** Positions of cells in pixels. All rows have the same height, so a row is found by division. */
import type { Cell } from '@/artifacts/sheet/selection';
import type { Sheet } from '@/artifacts/sheet/sheet';

export const ROW_PX = 32;
const CHAR_PX = 8.6;
const PADDING_PX = 26;
const MIN_PX = 72;
const MAX_PX = 300;
/** The rows whose content determines the initial column widths. */
const SAMPLE_ROWS = 100;
const SAMPLE_CHARS = 40;

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
  const columns = Math.max(1, sheet.width);
  const offsets = new Float64Array(columns + 1);
  const fitting = contentWidths(sheet, columns);
  for (let column = 0; column < columns; column++) {
    const width = resizedWidths.get(column) ?? fitting[column] ?? MIN_PX;
    offsets[column + 1] = (offsets[column] ?? 0) + width;
  }
  const digits = Math.max(2, String(Math.max(0, sheet.rows.length - 1)).length);
  return { offsets, rowHeaderWidth: digits * 8 + 20 };
}

/** Returns the widths that fit the first rows. Visits only cells that exist. */
function contentWidths(sheet: Sheet, columns: number): Float64Array {
  const chars = new Float64Array(columns);
  for (const { cells } of sheet.rows.slice(0, SAMPLE_ROWS)) {
    for (let column = 0; column < cells.length; column++) {
      chars[column] = Math.max(chars[column] ?? 0, displayWidth(cells[column] ?? ''));
    }
  }
  return chars.map((max) => clampWidth(max * CHAR_PX + PADDING_PX, MAX_PX));
}

/** Width in Latin letters; East Asian characters are twice as wide. */
function displayWidth(cell: string): number {
  if (cell.length > SAMPLE_CHARS) return SAMPLE_CHARS;
  let width = 0;
  for (let i = 0; i < cell.length; i++) width += cell.charCodeAt(i) > 0x10ff ? 2 : 1;
  return width;
}

export const clampWidth = (px: number, max = 1_000) =>
  Math.round(Math.min(max, Math.max(MIN_PX, px)));

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

/** Returns the cell at a viewport position. Clamps the column, but not the row. */
export function cellAtPoint(
  scroller: HTMLElement,
  geometry: GridGeometry,
  x: number,
  y: number,
): Cell {
  const rect = scroller.getBoundingClientRect();
  const column = columnAt(
    geometry.offsets,
    x - rect.left - geometry.rowHeaderWidth + scroller.scrollLeft,
  );
  const below = y - rect.top - ROW_PX;
  // The header row is sticky.
  const row =
    below < 0 && scroller.scrollTop === 0
      ? 0
      : 1 + Math.floor((below + scroller.scrollTop) / ROW_PX);
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
