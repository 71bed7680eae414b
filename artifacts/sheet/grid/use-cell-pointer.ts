import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Action, SheetEditorState } from '@/artifacts/sheet/editor-state';
import { cellAtPoint, type GridGeometry } from '@/artifacts/sheet/grid/geometry';
import { type Cell, expandToRows, selectCell, selectedRange } from '@/artifacts/sheet/selection';
import type { Range } from '@/artifacts/sheet/sheet';

type CellPointerOptions = {
  scrollerRef: RefObject<HTMLDivElement | null>;
  stateRef: RefObject<SheetEditorState>;
  geometry: GridGeometry;
  dispatch: (action: Action) => void;
};

type Point = { clientX: number; clientY: number };

/**
 * Pointer selection: pressing selects a cell, dragging selects a range, and both on row numbers
 * select whole rows.
 */
export function useCellPointer({ scrollerRef, stateRef, geometry, dispatch }: CellPointerOptions) {
  const dragController = useRef<AbortController>(undefined);
  useEffect(() => () => dragController.current?.abort(), []);

  /** Returns the cell at the event; on a row number, the row's first visible cell. */
  function locate(
    event: Point,
    behindHeader = false,
  ): { cell: Cell; isOnRowHeader: boolean } | null {
    const scroller = scrollerRef.current;
    if (!scroller) return null;
    const { left } = scroller.getBoundingClientRect();
    return {
      cell: cellAtPoint(scroller, geometry, event, behindHeader),
      isOnRowHeader: event.clientX - left < geometry.rowHeaderWidth,
    };
  }

  function select(event: Point, extend: boolean, behindHeader = false) {
    const target = locate(event, behindHeader);
    if (!target) return;
    const { cell, isOnRowHeader } = target;
    if (!isOnRowHeader || cell.row === 0) dispatch({ type: 'move', to: cell, extend });
    else {
      const { sheet, selection } = stateRef.current;
      const active = extend ? selection.active : cell;
      const rows = expandToRows({ active, head: cell }, sheet);
      dispatch({ type: 'select', selection: rows });
    }
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    // Touch scrolls; a tap selects (onClick). Ctrl+click opens the context menu on macOS.
    if (event.pointerType === 'touch' || event.button > 0 || event.ctrlKey) return;
    event.preventDefault();
    event.currentTarget.focus({ preventScroll: true });
    select(event, event.shiftKey);
    dragController.current?.abort();
    const controller = new AbortController();
    dragController.current = controller;
    const { signal } = controller;
    const startsBelowHeader = (locate(event)?.cell.row ?? 0) > 0;
    addEventListener('pointermove', (moved) => select(moved, true, startsBelowHeader), { signal });
    for (const type of ['pointerup', 'pointercancel']) {
      addEventListener(type, () => controller.abort(), { signal });
    }
  }

  function onClick(event: MouseEvent<HTMLElement>) {
    const target = locate(event);
    const { pointerType } = event.nativeEvent as globalThis.PointerEvent;
    if (!target || pointerType !== 'touch') return;
    const { row, column } = target.cell;
    const { active } = stateRef.current.selection;
    event.currentTarget.focus({ preventScroll: true });
    select(event, false);
    // A tap on the active cell opens it.
    if (!target.isOnRowHeader && active.row === row && active.column === column)
      dispatch({ type: 'edit', startedByTyping: false });
  }

  function onDoubleClick(event: Point) {
    if (locate(event)?.isOnRowHeader) return;
    dispatch({ type: 'edit', startedByTyping: false });
  }

  /** Selects the cell or the row of a context menu, unless it is within the selection. */
  function selectForMenu(event: Point) {
    const target = locate(event);
    if (!target) return;
    const { cell, isOnRowHeader } = target;
    const { selection, sheet } = stateRef.current;
    const selectsRow = isOnRowHeader && cell.row > 0;
    const wanted = selectsRow ? expandToRows(selectCell(cell), sheet) : selectCell(cell);
    if (!includesRange(selectedRange(selection), selectedRange(wanted)))
      dispatch({ type: 'select', selection: wanted });
  }

  return { onPointerDown, onClick, onDoubleClick, selectForMenu };
}

function includesRange(outer: Range, inner: Range): boolean {
  return (
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom &&
    inner.left >= outer.left &&
    inner.right <= outer.right
  );
}
