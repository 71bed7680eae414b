import { cellAt, type Range, type Sheet } from '@/artifacts/sheet/sheet';

export type Cell = { row: number; column: number };

/** A range, from the cell that typing goes to (`active`) to the one that the person has reached. */
export type Selection = { active: Cell; head: Cell };

export const FIRST_CELL: Selection = selectCell({ row: 0, column: 0 });

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

/** The last cell. An empty sheet has one, too, so that there is where to type. */
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

/** Whole rows, or whole columns, of what is selected. */
export function expandToRows(selection: Selection, sheet: Sheet): Selection {
  const { top, bottom } = selectedRange(selection);
  return { active: { row: top, column: 0 }, head: { row: bottom, column: lastCell(sheet).column } };
}

export function expandToColumns(selection: Selection, sheet: Sheet): Selection {
  const { left, right } = selectedRange(selection);
  return { active: { row: 0, column: left }, head: { row: lastCell(sheet).row, column: right } };
}

export function selectAll(sheet: Sheet): Selection {
  return { active: FIRST_CELL.active, head: lastCell(sheet) };
}

/** Steps down and to the right; negative ones go up and to the left. */
export type CellOffset = { rows: number; columns: number };

/**
 * Where Ctrl and an arrow lead: to the end of the cells that are filled, or over empty ones to the
 * next that is filled, or to the edge.
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

/** The next cell by Tab: to the right, then on in the next row; null beyond the last and the first. */
export function nextCell(sheet: Sheet, { row, column }: Cell, backwards: boolean): Cell | null {
  const last = lastCell(sheet);
  const next = row * (last.column + 1) + column + (backwards ? -1 : 1);
  const to = { row: Math.floor(next / (last.column + 1)), column: next % (last.column + 1) };
  return next < 0 || to.row > last.row ? null : to;
}
