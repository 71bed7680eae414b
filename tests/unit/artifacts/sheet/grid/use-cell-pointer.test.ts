import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import {
  createEditorState,
  reduceEditorState,
  type SheetEditorState,
} from '@/artifacts/sheet/editor-state';
import { measureGrid, ROW_PX } from '@/artifacts/sheet/grid/geometry';
import { useCellPointer } from '@/artifacts/sheet/grid/use-cell-pointer';
import { selectCell, selectedRange } from '@/artifacts/sheet/selection';

const sheet = parseSheet('name,price\nTea,2\nMilk,10\n');
const geometry = measureGrid(sheet, new Map());
const stateRef: { current: SheetEditorState } = { current: createEditorState(sheet) };
const WHOLE_ROW_1 = { top: 1, left: 0, bottom: 1, right: 1 };

/** Runs the hook once, without a DOM: the grid is at the viewport's origin. */
function createPointer() {
  const scroller = {
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
    scrollLeft: 0,
    scrollTop: 0,
  } as HTMLDivElement;
  let pointer: ReturnType<typeof useCellPointer> | undefined;
  renderToStaticMarkup(
    createElement(() => {
      pointer = useCellPointer({
        scrollerRef: { current: scroller },
        stateRef,
        geometry,
        dispatch: (action) => {
          stateRef.current = reduceEditorState(stateRef.current, action);
        },
      });
      return null;
    }),
  );
  if (!pointer) throw new Error('The hook did not run.');
  return pointer;
}

const atRow = (row: number) => row * ROW_PX + ROW_PX / 2;
const onRowNumber = (row: number) => ({ clientX: 5, clientY: atRow(row) });
const onCell = (row: number, column: number) => ({
  clientX: geometry.rowHeaderWidth + (geometry.offsets[column] ?? 0) + 5,
  clientY: atRow(row),
});
type Click = Parameters<ReturnType<typeof useCellPointer>['onClick']>[0];
const tap = (point: { clientX: number; clientY: number }) =>
  createPointer().onClick({
    ...point,
    nativeEvent: { pointerType: 'touch' },
    currentTarget: { focus: () => {} },
  } as unknown as Click);

beforeEach(() => {
  stateRef.current = createEditorState(sheet);
});

describe('a tap', () => {
  it('selects a cell, and a second one opens it', () => {
    tap(onCell(1, 0));
    expect(stateRef.current).toMatchObject({ selection: selectCell({ row: 1, column: 0 }) });
    expect(stateRef.current.draft).toBeNull();
    tap(onCell(1, 0));
    expect(stateRef.current.draft).toMatchObject({ text: 'Tea' });
  });

  it('selects the row on its number and never opens a cell', () => {
    for (const selection of [selectCell({ row: 1, column: 0 }), stateRef.current.selection]) {
      stateRef.current = reduceEditorState(stateRef.current, { type: 'select', selection });
      for (let taps = 0; taps < 2; taps += 1) {
        tap(onRowNumber(1));
        expect(selectedRange(stateRef.current.selection)).toEqual(WHOLE_ROW_1);
        expect(stateRef.current.draft).toBeNull();
      }
    }
  });
});

describe('a double click', () => {
  it('opens the active cell', () => {
    tap(onCell(2, 1));
    createPointer().onDoubleClick(onCell(2, 1) as Click);
    expect(stateRef.current.draft).toMatchObject({ text: '10' });
  });

  it('opens no cell on a row number', () => {
    tap(onRowNumber(1));
    createPointer().onDoubleClick(onRowNumber(1) as Click);
    expect(stateRef.current.draft).toBeNull();
  });
});

describe('a context menu', () => {
  it('selects its cell unless it is within the selection', () => {
    createPointer().selectForMenu(onCell(1, 1));
    expect(stateRef.current).toMatchObject({ selection: selectCell({ row: 1, column: 1 }) });
    tap(onRowNumber(1));
    createPointer().selectForMenu(onCell(1, 1));
    expect(selectedRange(stateRef.current.selection)).toEqual(WHOLE_ROW_1);
  });

  it('selects the row on its number, unless the row is within the selection', () => {
    tap(onCell(1, 0));
    createPointer().selectForMenu(onRowNumber(1));
    expect(selectedRange(stateRef.current.selection)).toEqual(WHOLE_ROW_1);
    const bothRows = { active: { row: 1, column: 0 }, head: { row: 2, column: 1 } };
    stateRef.current = reduceEditorState(stateRef.current, { type: 'select', selection: bothRows });
    createPointer().selectForMenu(onRowNumber(1));
    expect(stateRef.current.selection).toEqual(bothRows);
  });
});
