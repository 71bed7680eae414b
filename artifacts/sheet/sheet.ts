import type { CsvDialect } from '@/artifacts/sheet/csv/dialect';

/** Rows never change; an edit puts new ones in their place. */
export type Row = {
  readonly cells: readonly string[];
  /** The text it was read from, without its line end; null once it was edited. */
  readonly source: string | null;
  /** '' where it has none yet. */
  readonly lineEnd: string;
};

/** A table. Its first row names the columns. */
export type Sheet = {
  readonly rows: readonly Row[];
  readonly dialect: CsvDialect;
  /** The number of cells of its longest row; shorter rows are empty from their end on. */
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

/** Rows and columns from `top` and `left` to `bottom` and `right`, these included. */
export type Range = { top: number; left: number; bottom: number; right: number };

/** The cells of a range, row by row. */
export function readCells(sheet: Sheet, { top, left, bottom, right }: Range): string[][] {
  const cells: string[][] = [];
  for (let row = top; row <= bottom; row++) {
    const line: string[] = [];
    for (let column = left; column <= right; column++) line.push(cellAt(sheet, row, column));
    cells.push(line);
  }
  return cells;
}
