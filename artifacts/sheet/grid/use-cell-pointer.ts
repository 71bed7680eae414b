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

/** What a press on a cell does: it selects, and drags a range; on a row's number, the whole row. */
export function useCellPointer({ scrollerRef, stateRef, geometry, dispatch }: CellPointerOptions) {
  const dragController = useRef<AbortController>(undefined);
  useEffect(() => () => dragController.current?.abort(), []);

  function select(event: { clientX: number; clientY: number }, extend: boolean) {
    const box = scrollerRef.current;
    if (!box) return;
    const cell = cellAtPoint(box, geometry, event.clientX, event.clientY);
    const isOnRowHeader =
      event.clientX - box.getBoundingClientRect().left < geometry.rowHeaderWidth;
    if (!isOnRowHeader || cell.row === 0) dispatch({ type: 'move', to: cell, extend });
    else {
      const { sheet, selection } = stateRef.current;
      const active = extend ? selection.active : cell;
      const rows = expandToRows({ active, head: cell }, sheet);
      dispatch({ type: 'select', selection: rows });
    }
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    // A finger scrolls, and selects by its tap.
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
    const box = scrollerRef.current;
    if (!box || (event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') return;
    const { row, column } = cellAtPoint(box, geometry, event.clientX, event.clientY);
    const { active } = stateRef.current.selection;
    event.currentTarget.focus({ preventScroll: true });
    select(event, false);
    // A second tap on a cell opens it.
    if (active.row === row && active.column === column)
      dispatch({ type: 'edit', startedByTyping: false });
  }

  function onDoubleClick() {
    dispatch({ type: 'edit', startedByTyping: false });
  }

  /** A press on the other button keeps a range that it is in. */
  function selectForMenu(event: { clientX: number; clientY: number }) {
    const box = scrollerRef.current;
    if (!box) return;
    const { row, column } = cellAtPoint(box, geometry, event.clientX, event.clientY);
    const { top, left, bottom, right } = selectedRange(stateRef.current.selection);
    const isInSelection = row >= top && row <= bottom && column >= left && column <= right;
    if (!isInSelection) dispatch({ type: 'select', selection: selectCell({ row, column }) });
  }

  return { onPointerDown, onClick, onDoubleClick, selectForMenu };
}
