import { cellAt, type Range, type Sheet } from '@/artifacts/sheet/sheet';

const MAX_NAME_CHARS = 40;

/** Describes a range by row numbers and column names: `rows 2–5 of “moons”`. */
export function rangeLabel(sheet: Sheet, { top, left, bottom, right }: Range): string {
  const name = (column: number) => {
    const columnName = cellAt(sheet, 0, column).replace(/\s+/g, ' ').trim();
    return columnName ? `“${columnName.slice(0, MAX_NAME_CHARS)}”` : `column ${column + 1}`;
  };
  const first = Math.max(1, top);
  const rows = first < bottom ? `rows ${first}–${bottom}` : `row ${first}`;
  const parts = [top === 0 && 'heading', bottom > 0 && rows].filter(Boolean);
  const columns = left === right ? name(left) : `${name(left)} to ${name(right)}`;
  return `${parts.join(' and ')} of ${columns}`;
}
