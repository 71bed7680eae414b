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
import { formatCount } from '@/lib/shared/format-count';

type SheetGridProps = {
  title: string;
  state: SheetEditorState;
  stateRef: RefObject<SheetEditorState>;
  dispatch: (action: Action) => void;
  canEdit: boolean;
  geometry: GridGeometry;
  numericColumns: ReadonlySet<number>;
  /** Whether the end stays in view as the sheet grows. */
  sticksToEnd: boolean;
  scrollerRef: RefObject<HTMLDivElement | null>;
  contentRef: RefObject<HTMLDivElement | null>;
  gridRef: RefObject<HTMLTableElement | null>;
  onCopy: (event: ClipboardEvent, cut: boolean) => void;
  onPaste: (event: ClipboardEvent) => void;
  onResize: (column: number, width: number | null) => void;
  /** Opens the menu at a viewport position. */
  onMenu: (x: number, y: number) => void;
  /** Absent while streaming. */
  onAskForChange: (() => void) | undefined;
  /** Moves the focus out of the grid. */
  onLeave: () => void;
};

/** A virtualized grid: only the rows in view are rendered. */
export function SheetGrid(props: SheetGridProps) {
  const { state, stateRef, dispatch, canEdit, geometry, numericColumns, scrollerRef, gridRef } =
    props;
  const { sheet, selection, draft, revealCount } = state;
  const { active, head } = selection;
  const id = useId();
  const rowCount = Math.max(1, sheet.rows.length);
  const visible = useVisibleCells(scrollerRef, rowCount, geometry, props.sticksToEnd);
  const pointer = useCellPointer({ scrollerRef, stateRef, geometry, dispatch });
  const columnCount = geometry.offsets.length - 1;
  const size = visible.printed ?? { rows: rowCount, columns: columnCount };
  const isCutOff = size.rows < rowCount || size.columns < columnCount;
  const width = geometry.rowHeaderWidth + (geometry.offsets[size.columns] ?? 0);
  const range = selectedRange(selection);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs per reveal, not per selection
  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (revealCount === 0 || !scroller) return;
    scrollCellIntoView(scroller, geometry, head);
    // Renders the cell in this frame, not in the next one.
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
      // The typed character goes to the cell editor, which takes the focus synchronously.
      if (!action.startedByTyping) event.preventDefault();
      flushSync(() => dispatch(action));
    } else if (action) {
      event.preventDefault();
      event.stopPropagation();
      // The header row is sticky and always visible: moving to it scrolls to the top.
      if (action.type === 'move' && action.to.row <= 0) scrollerRef.current?.scrollTo({ top: 0 });
      dispatch(action);
    } else if (event.key === 'Escape' && canEdit) {
      // A second Escape, outside the grid, closes the document.
      event.preventDefault();
      event.stopPropagation();
      props.onLeave();
    }
  }

  function onContextMenu(event: MouseEvent) {
    if (!canEdit) return;
    event.preventDefault();
    // Opened by the keyboard, the event has no useful position.
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
      className="print-expanded group/sheet min-h-0 flex-1 overflow-auto overscroll-contain"
    >
      <div
        ref={props.contentRef}
        className="relative"
        style={{ width, height: size.rows * ROW_PX, minWidth: '100%' }}
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
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an editable table is a grid
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
          <tbody className="relative block" style={{ height: (size.rows - 1) * ROW_PX }}>
            {rows}
          </tbody>
        </table>
      </div>
      {isCutOff && (
        <p className="p-2 text-sm">
          Only the first {formatCount(size.rows - 1, 'row')} and{' '}
          {formatCount(size.columns, 'column')} are printed. Download the table to get all of it.
        </p>
      )}
      <p id={`${id}-keys`} hidden>
        {canEdit
          ? 'Arrow keys move, Enter edits, Shift and arrow keys select. Shift+F10 opens the menu. Alt+Enter asks for a change. Escape leaves the table.'
          : 'Arrow keys move, Shift and arrow keys select, Enter shows a cell in full. Alt+Enter asks for a change.'}
      </p>
    </div>
  );
}

function cellLabel(name: string, row: number): string {
  return row === 0 ? 'Column name' : `${name || 'Cell'}, row ${row}`;
}
