import { describe, expect, it } from 'vitest';
import { parseSheet, scanClipboard } from '@/artifacts/sheet/csv/parse';
import { serializeSheet } from '@/artifacts/sheet/csv/write';
import {
  type Action,
  createEditorState,
  reduceEditorState,
  type SheetEditorState,
  sheetWithDraft,
} from '@/artifacts/sheet/editor-state';
import { actionForKey, type KeyPress } from '@/artifacts/sheet/key-actions';
import { parseNumber } from '@/artifacts/sheet/numbers';
import { selectedRange } from '@/artifacts/sheet/selection';
import fc from '@/tests/support/fast-check';

const TEXT = 'name,price\nTea,"2"\nMilk,10\nBread,3\n';
const openSheet = (text = TEXT) => createEditorState(parseSheet(text));
const applyActions = (state: SheetEditorState, ...actions: Action[]) =>
  actions.reduce(reduceEditorState, state);
const text = (state: SheetEditorState) => serializeSheet(sheetWithDraft(state));
const moveTo = (row: number, column: number, extend = false): Action => ({
  type: 'move',
  to: { row, column },
  extend,
});

/** Presses keys such as "Shift+ArrowDown". */
function press(state: SheetEditorState, ...keys: string[]): SheetEditorState {
  return keys.reduce((now, keys) => {
    const parts = keys.split('+');
    const key: KeyPress = {
      key: (parts.at(-1) ?? '').replace('Space', ' '),
      ctrlKey: parts.includes('Control'),
      metaKey: false,
      altKey: parts.includes('Alt'),
      shiftKey: parts.includes('Shift'),
      getModifierState: () => false,
    };
    const action = actionForKey(key, now, true, 10);
    return action ? reduceEditorState(now, action) : now;
  }, state);
}

describe('the sheet editor', () => {
  it('stores the typed text, moves on, and leaves the other rows unchanged', () => {
    const state = applyActions(
      openSheet(),
      moveTo(2, 1),
      { type: 'edit', startedByTyping: true },
      { type: 'draft', text: '1,5' },
      { type: 'commit', to: { rows: 1, columns: 0 } },
    );
    expect(text(state)).toBe('name,price\nTea,"2"\nMilk,"1,5"\nBread,3\n');
    expect(state.selection.active).toEqual({ row: 3, column: 1 });
  });

  it('reports the text being typed, and nothing after a cancel', () => {
    const typing = applyActions(
      openSheet(),
      { type: 'edit', startedByTyping: true },
      { type: 'draft', text: 'what' },
    );
    expect(text(typing)).toContain('what,price');
    const cancelled = reduceEditorState(typing, { type: 'cancel' });
    expect(text(cancelled)).toBe(TEXT);
    expect(cancelled.changeCount).toBeGreaterThan(typing.changeCount);
  });

  it('stores the typed text before any other action', () => {
    const typing = applyActions(
      openSheet(),
      { type: 'edit', startedByTyping: true },
      { type: 'draft', text: 'what' },
    );
    expect(text(reduceEditorState(typing, moveTo(1, 1)))).toContain('what,price');
    expect(text(reduceEditorState(typing, { type: 'undo' }))).toBe(TEXT);
  });

  it('reports nothing for a cell that did not change', () => {
    const state = applyActions(
      openSheet(),
      { type: 'edit', startedByTyping: false },
      { type: 'commit', to: 'next' },
    );
    expect(state.changeCount).toBe(0);
    expect(state.past).toHaveLength(0);
  });

  it('pastes a range, and grows if the range exceeds the edge', () => {
    const state = applyActions(openSheet(), moveTo(3, 1), {
      type: 'paste',
      cells: scanClipboard('7\t8\r\n"a\tb"\t9\r\n'),
    });
    expect(text(state)).toBe('name,price\nTea,"2"\nMilk,10\nBread,7,8\n,a\tb,9\n');
    expect(selectedRange(state.selection)).toEqual({ top: 3, left: 1, bottom: 4, right: 2 });
  });

  it('fills a range with one cell', () => {
    const state = applyActions(openSheet(), moveTo(1, 1), moveTo(3, 1, true), {
      type: 'paste',
      cells: [['0']],
    });
    expect(text(state)).toBe('name,price\nTea,0\nMilk,0\nBread,0\n');
  });

  it('inserts and deletes as many rows and columns as are selected', () => {
    const two = applyActions(openSheet(), moveTo(1, 0), moveTo(2, 0, true));
    expect(text(reduceEditorState(two, { type: 'insert', position: 'below' }))).toBe(
      'name,price\nTea,"2"\nMilk,10\n,\n,\nBread,3\n',
    );
    expect(text(reduceEditorState(two, { type: 'remove', axis: 'rows' }))).toBe(
      'name,price\nBread,3\n',
    );
    expect(text(reduceEditorState(two, { type: 'insert', position: 'left' }))).toBe(
      ',name,price\n,Tea,2\n,Milk,10\n,Bread,3\n',
    );
    expect(text(reduceEditorState(two, { type: 'remove', axis: 'columns' }))).toBe(
      'price\n2\n10\n3\n',
    );
  });

  it('sorts numerically in both directions, empty cells last', () => {
    const state = applyActions(openSheet('n,v\na,10\nb,\nc,9\nd,x\ne,1\n'), moveTo(1, 1));
    const order = (descending: boolean) =>
      reduceEditorState(state, { type: 'sort', descending })
        .sheet.rows.map(({ cells }) => cells[0])
        .join('');
    expect(order(false)).toBe('necadb');
    expect(order(true)).toBe('ndaceb');
  });

  it('restores the exact text by undo and redo after any actions', () => {
    const cell = fc.nat(5);
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc
        .tuple(cell, cell, fc.boolean())
        .map(([row, column, extend]) => moveTo(row, column, extend)),
      fc.constantFrom<Action>(
        { type: 'clear' },
        { type: 'edit', startedByTyping: true },
        { type: 'draft', text: 'x"y' },
        { type: 'cancel' },
        { type: 'commit', to: 'next' },
        { type: 'remove', axis: 'rows' },
        { type: 'remove', axis: 'columns' },
        { type: 'sort', descending: true },
      ),
      fc
        .constantFrom('above', 'below', 'left', 'right')
        .map((position) => ({ type: 'insert', position }) as Action),
      fc
        .array(fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        })
        .map((cells): Action => ({ type: 'paste', cells })),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        // A draft requires an open cell.
        const done = actions.reduce(
          (state, next) =>
            next.type === 'draft' && !state.draft ? state : reduceEditorState(state, next),
          openSheet(),
        );
        const settled = reduceEditorState(done, moveTo(0, 0));
        let state = settled;
        for (const _ of settled.past) state = reduceEditorState(state, { type: 'undo' });
        expect(text(state)).toBe(TEXT);
        for (const _ of settled.past) state = reduceEditorState(state, { type: 'redo' });
        expect(text(state)).toBe(text(settled));
      }),
    );
  });
});

describe('the sheet keyboard', () => {
  it('moves, selects and jumps as in a spreadsheet', () => {
    const { selection } = press(openSheet(), 'ArrowDown', 'ArrowRight', 'Shift+ArrowDown');
    expect(selection).toEqual({ active: { row: 1, column: 1 }, head: { row: 2, column: 1 } });
    expect(press(openSheet(), 'Control+End').selection.active).toEqual({ row: 3, column: 1 });
    expect(press(openSheet(), 'ArrowUp', 'ArrowLeft').selection.active).toEqual({
      row: 0,
      column: 0,
    });
    const gap = openSheet('a\n1\n\n\n2\n3\n');
    const rows = ['Control+ArrowDown', 'Control+ArrowDown', 'Control+ArrowDown'].map(
      (_, count, keys) => press(gap, ...keys.slice(0, count + 1)).selection.active.row,
    );
    expect(rows).toEqual([1, 4, 5]);
  });

  it('visits all cells with Tab and then leaves the grid', () => {
    const state = press(openSheet('a,b\n1,2\n'), 'Tab', 'Tab', 'Tab');
    expect(state.selection.active).toEqual({ row: 1, column: 1 });
    const tab = { key: 'Tab', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    expect(actionForKey({ ...tab, getModifierState: () => false }, state, true, 10)).toBeNull();
  });

  it('clears, undoes and redoes', () => {
    const cleared = press(openSheet(), 'ArrowDown', 'Delete');
    expect(text(cleared)).toContain('\n,2\n');
    expect(text(press(cleared, 'Control+z'))).toBe(TEXT);
    expect(text(press(cleared, 'Control+z', 'Control+y'))).toBe(text(cleared));
  });

  it('inserts rows, and deletes rows or whole columns', () => {
    expect(text(press(openSheet(), 'Alt+Shift+ArrowDown'))).toBe(
      'name,price\n,\nTea,"2"\nMilk,10\nBread,3\n',
    );
    expect(text(press(openSheet(), 'ArrowDown', 'Alt+Shift+Backspace'))).toBe(
      'name,price\nMilk,10\nBread,3\n',
    );
    expect(text(press(openSheet(), 'Control+Space', 'Alt+Shift+Delete'))).toBe('price\n2\n10\n3\n');
  });

  it('opens a cell by typing, Enter and F2', () => {
    expect(press(openSheet(), 'x').draft).toEqual({ text: '', startedByTyping: true });
    expect(press(openSheet(), 'Enter').draft).toEqual({ text: 'name', startedByTyping: false });
    expect(press(openSheet(), 'F2').draft).toEqual({ text: 'name', startedByTyping: false });
    expect(press(openSheet(), 'Control+x').draft).toBeNull();
    expect(press(openSheet(), 'Shift').draft).toBeNull();
  });
});

it.each([
  ['12', 12],
  ['-1.5', -1.5],
  ['1,234', 1234],
  ['1,5', 1.5],
  ['0,125', 0.125],
  ['-0,125', -0.125],
  ['0.125', 0.125],
  ['0,125,000', null],
  ['12,34,567', null],
  ['1,234,567', 1_234_567],
  ['1.234,56', 1234.56],
  ['1,234.56', 1234.56],
  ['€ 12', 12],
  ['12 %', 12],
  ['1.234.567', 1_234_567],
  ['2024-01-02', null],
  ['a1', null],
  ['', null],
])('%s is read as the number %s', (cell, value) => {
  expect(parseNumber(cell)).toBe(value);
});
