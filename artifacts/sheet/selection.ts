import { cellAt, type Range, type Sheet } from '@/artifacts/sheet/sheet';

export type Cell = { row: number; column: number };

/** A range from the cell that receives input (`active`) to the moving end of the selection. */
export type Selection = { active: Cell; head: Cell };

export const INITIAL_SELECTION: Selection = selectCell({ row: 0, column: 0 });

export function selectCell(cell: Cell): Selection {
  return { active: cell, head: cell };
}

export function selectedRange({ active, head }: Selection): Range {
  return {
    top: Math.min(active.row, head.row),
    left: Math.min(active.column, head.column),
    bottom: Math.max(active.row, head.row),
    right: Math.max(active.column, head.column),
  };
}

export function isSingleCell({ active, head }: Selection): boolean {
  return active.row === head.row && active.column === head.column;
}

/** Returns the last cell. An empty sheet has one, too, to type into. */
export function lastCell({ rows, width }: Sheet): Cell {
  return { row: Math.max(0, rows.length - 1), column: Math.max(0, width - 1) };
}

export function clampCell({ row, column }: Cell, sheet: Sheet): Cell {
  const last = lastCell(sheet);
  return {
    row: Math.max(0, Math.min(row, last.row)),
    column: Math.max(0, Math.min(column, last.column)),
  };
}

export function clampSelection({ active, head }: Selection, sheet: Sheet): Selection {
  return { active: clampCell(active, sheet), head: clampCell(head, sheet) };
}

/** Extends the selection to whole rows. */
export function expandToRows(selection: Selection, sheet: Sheet): Selection {
  const { top, bottom } = selectedRange(selection);
  return { active: { row: top, column: 0 }, head: { row: bottom, column: lastCell(sheet).column } };
}

/** Extends the selection to whole columns. */
export function expandToColumns(selection: Selection, sheet: Sheet): Selection {
  const { left, right } = selectedRange(selection);
  return { active: { row: 0, column: left }, head: { row: lastCell(sheet).row, column: right } };
}

export function selectAll(sheet: Sheet): Selection {
  return { active: { row: 0, column: 0 }, head: lastCell(sheet) };
}

/** Offset down and to the right; negative values go up and to the left. */
export type CellOffset = { rows: number; columns: number };

/**
 * Returns the target of Ctrl and an arrow key: the end of the filled cells, or across empty cells
 * the next filled one, or the edge of the sheet.
 */
export function jumpToEdge(sheet: Sheet, from: Cell, { rows, columns }: CellOffset): Cell {
  const last = lastCell(sheet);
  const step = (cell: Cell) => ({ row: cell.row + rows, column: cell.column + columns });
  const inside = ({ row, column }: Cell) =>
    row >= 0 && column >= 0 && row <= last.row && column <= last.column;
  const filled = ({ row, column }: Cell) => cellAt(sheet, row, column) !== '';
  let cell = from;
  let next = step(cell);
  if (!inside(next)) return cell;
  const alongFilled = filled(cell) && filled(next);
  while (inside(next) && filled(next) === alongFilled) {
    cell = next;
    next = step(cell);
  }
  return alongFilled || !inside(next) ? cell : next;
}

/** Returns the next cell in Tab order, row by row; null after the last and before the first. */
export function nextCell(sheet: Sheet, { row, column }: Cell, backwards: boolean): Cell | null {
  const last = lastCell(sheet);
  const next = row * (last.column + 1) + column + (backwards ? -1 : 1);
  const to = { row: Math.floor(next / (last.column + 1)), column: next % (last.column + 1) };
  return next < 0 || to.row > last.row ? null : to;
}
