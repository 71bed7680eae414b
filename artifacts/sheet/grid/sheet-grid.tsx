'use client';

import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useId,
  useLayoutEffect,
} from 'react';
import { flushSync } from 'react-dom';
import type { Action, SheetEditorState } from '@/artifacts/sheet/editor-state';
import { CellEditor } from '@/artifacts/sheet/grid/cell-editor';
import {
  columnWidth,
  type GridGeometry,
  ROW_PX,
  scrollCellIntoView,
} from '@/artifacts/sheet/grid/geometry';
import { cellId, HeaderRow, SheetRow, type SheetRowProps } from '@/artifacts/sheet/grid/sheet-row';
import { useCellPointer } from '@/artifacts/sheet/grid/use-cell-pointer';
import { useVisibleCells } from '@/artifacts/sheet/grid/use-visible-cells';
import { actionForKey } from '@/artifacts/sheet/key-actions';
import { selectedRange } from '@/artifacts/sheet/selection';
import { cellAt } from '@/artifacts/sheet/sheet';
import { isComposing } from '@/lib/client/browser/is-composing';

type SheetGridProps = {
  title: string;
  state: SheetEditorState;
  stateRef: RefObject<SheetEditorState>;
  dispatch: (action: Action) => void;
  canEdit: boolean;
  geometry: GridGeometry;
  numericColumns: ReadonlySet<number>;
  /** Whether the end is kept in view. */
  sticksToEnd: boolean;
  scrollerRef: RefObject<HTMLDivElement | null>;
  contentRef: RefObject<HTMLDivElement | null>;
  gridRef: RefObject<HTMLTableElement | null>;
  onCopy: (event: ClipboardEvent, cut: boolean) => void;
  onPaste: (event: ClipboardEvent) => void;
  onResize: (column: number, width: number | null) => void;
  /** Opens the menu at a point of the window. */
  onMenu: (x: number, y: number) => void;
  /** Absent while there is nothing to ask about. */
  onAskForChange: (() => void) | undefined;
  /** The keyboard is to leave the table. */
  onLeave: () => void;
};

/** The table: of however many rows, those in view are drawn. */
export function SheetGrid(props: SheetGridProps) {
  const { state, stateRef, dispatch, canEdit, geometry, numericColumns, scrollerRef, gridRef } =
    props;
  const { sheet, selection, draft, revealCount } = state;
  const { active, head } = selection;
  const id = useId();
  const rowCount = Math.max(1, sheet.rows.length);
  const visible = useVisibleCells(scrollerRef, rowCount, geometry, props.sticksToEnd);
  const pointer = useCellPointer({ scrollerRef, stateRef, geometry, dispatch });
  const width = geometry.rowHeaderWidth + (geometry.offsets.at(-1) ?? 0);
  const range = selectedRange(selection);

  // biome-ignore lint/correctness/useExhaustiveDependencies: not whenever the selection changes
  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (revealCount === 0 || !scroller) return;
    scrollCellIntoView(scroller, geometry, head);
    // The cell is drawn with this frame, not with the next one.
    visible.update();
  }, [revealCount, scrollerRef, geometry]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || isComposing(event)) return;
    if (event.key === 'Enter' && event.altKey) {
      event.preventDefault();
      props.onAskForChange?.();
      return;
    }
    const action = actionForKey(event, state, canEdit, visible.visibleRows);
    if (action?.type === 'edit') {
      // What was typed goes to the editor, which takes the focus at once.
      if (!action.startedByTyping) event.preventDefault();
      flushSync(() => dispatch(action));
    } else if (action) {
      event.preventDefault();
      event.stopPropagation();
      // The names are in view wherever the table is: going to them goes to the top.
      if (action.type === 'move' && action.to.row <= 0) scrollerRef.current?.scrollTo({ top: 0 });
      dispatch(action);
    } else if (event.key === 'Escape' && canEdit) {
      // Once more, there, closes the document.
      event.preventDefault();
      event.stopPropagation();
      props.onLeave();
    }
  }

  function onContextMenu(event: MouseEvent) {
    if (!canEdit) return;
    event.preventDefault();
    // By the keyboard's key it comes without a place.
    const { pointerType } = event.nativeEvent as PointerEvent;
    const isByKeyboard = event.button !== 2 && pointerType !== 'touch' && !event.ctrlKey;
    const cell = document.getElementById(cellId(id, head.row, head.column));
    if (isByKeyboard && cell) {
      const { left, bottom } = cell.getBoundingClientRect();
      props.onMenu(left, bottom);
    } else {
      pointer.selectForMenu(event);
      props.onMenu(event.clientX, event.clientY);
    }
  }

  const rowProps = (index: number): SheetRowProps => {
    const isRowSelected = index >= range.top && index <= range.bottom;
    return {
      grid: id,
      index,
      row: sheet.rows[index],
      geometry,
      firstColumn: visible.firstColumn,
      lastColumn: visible.lastColumn,
      selectedFrom: isRowSelected ? range.left : 0,
      selectedTo: isRowSelected ? range.right : -1,
      activeColumn: index === active.row ? active.column : -1,
    };
  };

  const rows = [];
  for (let index = visible.firstRow; index <= visible.lastRow; index++) {
    rows.push(<SheetRow key={index} {...rowProps(index)} />);
  }

  return (
    <div
      ref={scrollerRef}
      className="print-whole group/sheet min-h-0 flex-1 overflow-auto overscroll-contain"
    >
      <div
        ref={props.contentRef}
        className="relative"
        style={{ width, height: rowCount * ROW_PX, minWidth: '100%' }}
      >
        {draft && (
          <div
            className={active.row === 0 ? 'sticky top-0 z-10 h-0 w-0' : 'absolute z-4'}
            style={active.row === 0 ? undefined : { top: active.row * ROW_PX, left: 0 }}
          >
            <div
              className="absolute top-0 w-max"
              style={{ left: geometry.rowHeaderWidth + (geometry.offsets[active.column] ?? 0) }}
            >
              <CellEditor
                draft={draft}
                label={cellLabel(cellAt(sheet, 0, active.column), active.row)}
                readOnly={!canEdit}
                width={columnWidth(geometry, active.column)}
                dispatch={dispatch}
                onDone={() => gridRef.current?.focus({ preventScroll: true })}
              />
            </div>
          </div>
        )}
        <table
          ref={gridRef}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is worked on cell by cell
          role="grid"
          tabIndex={0}
          aria-label={props.title || 'Table'}
          aria-describedby={`${id}-keys`}
          aria-rowcount={rowCount}
          aria-colcount={Math.max(1, sheet.width) + 1}
          aria-multiselectable
          aria-readonly={!canEdit}
          aria-activedescendant={cellId(id, head.row, head.column)}
          onKeyDown={onKeyDown}
          onPointerDown={pointer.onPointerDown}
          onClick={pointer.onClick}
          onDoubleClick={pointer.onDoubleClick}
          onContextMenu={onContextMenu}
          onCopy={(event) => props.onCopy(event, false)}
          onCut={(event) => props.onCopy(event, canEdit)}
          onPaste={props.onPaste}
          className="block cursor-cell select-none outline-none"
        >
          <thead className="sticky top-0 z-5 block">
            <HeaderRow {...rowProps(0)} numericColumns={numericColumns} onResize={props.onResize} />
          </thead>
          <tbody className="relative block" style={{ height: (rowCount - 1) * ROW_PX }}>
            {rows}
          </tbody>
        </table>
      </div>
      <p id={`${id}-keys`} hidden>
        {canEdit
          ? 'Arrows move, Enter edits, Shift and arrows select. Shift and F10 opens the menu. Alt and Enter asks for a change. Escape leaves the table.'
          : 'Arrows move, Shift and arrows select, Enter shows a cell in full. Alt and Enter asks for a change.'}
      </p>
    </div>
  );
}

function cellLabel(name: string, row: number): string {
  return row === 0 ? 'Name of the column' : `${name || 'Cell'}, row ${row}`;
}
