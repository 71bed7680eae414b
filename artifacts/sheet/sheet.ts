import type { CsvDialect } from '@/artifacts/sheet/csv/dialect';

/** Rows are immutable; an edit replaces them. */
export type Row = {
  readonly cells: readonly string[];
  /** The text that the row was parsed from, without its line end; null once edited. */
  readonly source: string | null;
  /** '' if the row has none yet. */
  readonly lineEnd: string;
};

/** A table. Its first row names the columns. */
export type Sheet = {
  readonly rows: readonly Row[];
  readonly dialect: CsvDialect;
  /** The number of cells in the longest row; missing cells of shorter rows are empty. */
  readonly width: number;
};

export function createSheet(rows: readonly Row[], dialect: CsvDialect): Sheet {
  let width = 0;
  for (const { cells } of rows) if (cells.length > width) width = cells.length;
  return { rows, dialect, width };
}

export function cellAt({ rows }: Sheet, row: number, column: number): string {
  return rows[row]?.cells[column] ?? '';
}

/** Rows `top` to `bottom` and columns `left` to `right`, inclusive. */
export type Range = { top: number; left: number; bottom: number; right: number };

/** Returns the cells of a range, row by row. */
export function readCells(sheet: Sheet, { top, left, bottom, right }: Range): string[][] {
  const cells: string[][] = [];
  for (let row = top; row <= bottom; row++) {
    const line: string[] = [];
    for (let column = left; column <= right; column++) line.push(cellAt(sheet, row, column));
    cells.push(line);
  }
  return cells;
}
