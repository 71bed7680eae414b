import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Action, EditorState } from '@/artifacts/sheet/editor-state';
import { cellUnder, type Geometry } from '@/artifacts/sheet/grid/geometry';
import { at, rangeOf, wholeRows } from '@/artifacts/sheet/selection';

type Wanted = {
  boxRef: RefObject<HTMLDivElement | null>;
  stateRef: RefObject<EditorState>;
  geometry: Geometry;
  dispatch: (action: Action) => void;
};

/** What a press on a cell does: it selects, and drags a range; on a row's number, the whole row. */
export function usePointer({ boxRef, stateRef, geometry, dispatch }: Wanted) {
  const ending = useRef<AbortController>(undefined);
  useEffect(() => () => ending.current?.abort(), []);

  function select(event: { clientX: number; clientY: number }, extend: boolean) {
    const box = boxRef.current;
    if (!box) return;
    const cell = cellUnder(box, geometry, event.clientX, event.clientY);
    const onNumber = event.clientX - box.getBoundingClientRect().left < geometry.gutter;
    if (!onNumber || cell.row === 0) dispatch({ type: 'move', to: cell, extend });
    else {
      const { sheet, selection } = stateRef.current;
      const active = extend ? selection.active : cell;
      const rows = wholeRows({ active, head: cell }, sheet);
      dispatch({ type: 'select', selection: rows });
    }
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    // A finger scrolls, and selects by its tap.
    if (event.pointerType === 'touch' || event.button > 0 || event.ctrlKey) return;
    event.preventDefault();
    event.currentTarget.focus({ preventScroll: true });
    select(event, event.shiftKey);
    ending.current?.abort();
    const controller = new AbortController();
    ending.current = controller;
    const { signal } = controller;
    addEventListener('pointermove', (moved) => select(moved, true), { signal });
    for (const type of ['pointerup', 'pointercancel']) {
      addEventListener(type, () => controller.abort(), { signal });
    }
  }

  function onClick(event: MouseEvent<HTMLElement>) {
    const box = boxRef.current;
    if (!box || (event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') return;
    const { row, column } = cellUnder(box, geometry, event.clientX, event.clientY);
    const { active } = stateRef.current.selection;
    event.currentTarget.focus({ preventScroll: true });
    select(event, false);
    // A second tap on a cell opens it.
    if (active.row === row && active.column === column) dispatch({ type: 'edit', typed: false });
  }

  function onDoubleClick() {
    dispatch({ type: 'edit', typed: false });
  }

  /** A press on the other button keeps a range that it is in. */
  function selectForMenu(event: { clientX: number; clientY: number }) {
    const box = boxRef.current;
    if (!box) return;
    const { row, column } = cellUnder(box, geometry, event.clientX, event.clientY);
    const { top, left, bottom, right } = rangeOf(stateRef.current.selection);
    const within = row >= top && row <= bottom && column >= left && column <= right;
    if (!within) dispatch({ type: 'select', selection: at({ row, column }) });
  }

  return { onPointerDown, onClick, onDoubleClick, selectForMenu };
}
