import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Action, SheetEditorState } from '@/artifacts/sheet/editor-state';
import { cellAtPoint, type GridGeometry } from '@/artifacts/sheet/grid/geometry';
import { expandToRows, selectCell, selectedRange } from '@/artifacts/sheet/selection';

type CellPointerOptions = {
  scrollerRef: RefObject<HTMLDivElement | null>;
  stateRef: RefObject<SheetEditorState>;
  geometry: GridGeometry;
  dispatch: (action: Action) => void;
};

/** Pointer selection: a press selects a cell, a drag a range; on a row number, whole rows. */
export function useCellPointer({ scrollerRef, stateRef, geometry, dispatch }: CellPointerOptions) {
  const dragController = useRef<AbortController>(undefined);
  useEffect(() => () => dragController.current?.abort(), []);

  function select(event: { clientX: number; clientY: number }, extend: boolean) {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const cell = cellAtPoint(scroller, geometry, event.clientX, event.clientY);
    const isOnRowHeader =
      event.clientX - scroller.getBoundingClientRect().left < geometry.rowHeaderWidth;
    if (!isOnRowHeader || cell.row === 0) dispatch({ type: 'move', to: cell, extend });
    else {
      const { sheet, selection } = stateRef.current;
      const active = extend ? selection.active : cell;
      const rows = expandToRows({ active, head: cell }, sheet);
      dispatch({ type: 'select', selection: rows });
    }
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    // Touch scrolls; a tap selects (onClick).
    if (event.pointerType === 'touch' || event.button > 0 || event.ctrlKey) return;
    event.preventDefault();
    event.currentTarget.focus({ preventScroll: true });
    select(event, event.shiftKey);
    dragController.current?.abort();
    const controller = new AbortController();
    dragController.current = controller;
    const { signal } = controller;
    addEventListener('pointermove', (moved) => select(moved, true), { signal });
    for (const type of ['pointerup', 'pointercancel']) {
      addEventListener(type, () => controller.abort(), { signal });
    }
  }

  function onClick(event: MouseEvent<HTMLElement>) {
    const scroller = scrollerRef.current;
    if (!scroller || (event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') return;
    const { row, column } = cellAtPoint(scroller, geometry, event.clientX, event.clientY);
    const { active } = stateRef.current.selection;
    event.currentTarget.focus({ preventScroll: true });
    select(event, false);
    // A tap on the active cell opens it.
    if (active.row === row && active.column === column)
      dispatch({ type: 'edit', startedByTyping: false });
  }

  function onDoubleClick() {
    dispatch({ type: 'edit', startedByTyping: false });
  }

  /** Selects the cell of a context menu, unless it is within the selection. */
  function selectForMenu(event: { clientX: number; clientY: number }) {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const { row, column } = cellAtPoint(scroller, geometry, event.clientX, event.clientY);
    const { top, left, bottom, right } = selectedRange(stateRef.current.selection);
    const isInSelection = row >= top && row <= bottom && column >= left && column <= right;
    if (!isInSelection) dispatch({ type: 'select', selection: selectCell({ row, column }) });
  }

  return { onPointerDown, onClick, onDoubleClick, selectForMenu };
}
