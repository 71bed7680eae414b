import { describe, expect, it } from 'vitest';
import { parseSheet, scanClipboard } from '@/artifacts/sheet/csv/parse';
import { writeSheet } from '@/artifacts/sheet/csv/write';
import {
  type Action,
  begin,
  type EditorState,
  reduce,
  sheetWithDraft,
} from '@/artifacts/sheet/editor-state';
import { actionOf, type Key } from '@/artifacts/sheet/keys';
import { numberOf } from '@/artifacts/sheet/numbers';
import { rangeOf } from '@/artifacts/sheet/selection';
import fc from '@/tests/support/fast-check';

const TEXT = 'name,price\nTea,"2"\nMilk,10\nBread,3\n';
const opened = (text = TEXT) => begin(parseSheet(text));
const run = (state: EditorState, ...actions: Action[]) => actions.reduce(reduce, state);
const text = (state: EditorState) => writeSheet(sheetWithDraft(state));
const go = (row: number, column: number, extend = false): Action => ({
  type: 'move',
  to: { row, column },
  extend,
});

/** Keys as they are pressed: "Shift+ArrowDown". */
function press(state: EditorState, ...keys: string[]): EditorState {
  return keys.reduce((now, keys) => {
    const parts = keys.split('+');
    const key: Key = {
      key: (parts.at(-1) ?? '').replace('Space', ' '),
      ctrlKey: parts.includes('Control'),
      metaKey: false,
      altKey: parts.includes('Alt'),
      shiftKey: parts.includes('Shift'),
      getModifierState: () => false,
    };
    const action = actionOf(key, now, true, 10);
    return action ? reduce(now, action) : now;
  }, state);
}

describe('editing a sheet', () => {
  it('takes what was typed, goes on, and leaves the other rows as they were', () => {
    const state = run(
      opened(),
      go(2, 1),
      { type: 'edit', typed: true },
      { type: 'draft', text: '1,5' },
      { type: 'commit', to: { rows: 1, columns: 0 } },
    );
    expect(text(state)).toBe('name,price\nTea,"2"\nMilk,"1,5"\nBread,3\n');
    expect(state.selection.active).toEqual({ row: 3, column: 1 });
  });

  it('tells what is being typed, and no more of it once it is cancelled', () => {
    const typing = run(opened(), { type: 'edit', typed: true }, { type: 'draft', text: 'what' });
    expect(text(typing)).toContain('what,price');
    const cancelled = reduce(typing, { type: 'cancel' });
    expect(text(cancelled)).toBe(TEXT);
    expect(cancelled.changes).toBeGreaterThan(typing.changes);
  });

  it('takes what was typed before anything else happens', () => {
    const typing = run(opened(), { type: 'edit', typed: true }, { type: 'draft', text: 'what' });
    expect(text(reduce(typing, go(1, 1)))).toContain('what,price');
    expect(text(reduce(typing, { type: 'undo' }))).toBe(TEXT);
  });

  it('says nothing of a cell that is left as it was', () => {
    const state = run(opened(), { type: 'edit', typed: false }, { type: 'commit', to: 'next' });
    expect(state.changes).toBe(0);
    expect(state.past).toHaveLength(0);
  });

  it('pastes a range, growing where it reaches beyond the edge', () => {
    const state = run(opened(), go(3, 1), {
      type: 'paste',
      cells: scanClipboard('7\t8\r\n"a\tb"\t9\r\n'),
    });
    expect(text(state)).toBe('name,price\nTea,"2"\nMilk,10\nBread,7,8\n,a\tb,9\n');
    expect(rangeOf(state.selection)).toEqual({ top: 3, left: 1, bottom: 4, right: 2 });
  });

  it('fills a range with one cell', () => {
    const state = run(opened(), go(1, 1), go(3, 1, true), { type: 'paste', cells: [['0']] });
    expect(text(state)).toBe('name,price\nTea,0\nMilk,0\nBread,0\n');
  });

  it('inserts and deletes rows and columns, as many as are selected', () => {
    const two = run(opened(), go(1, 0), go(2, 0, true));
    expect(text(reduce(two, { type: 'insert', place: 'below' }))).toBe(
      'name,price\nTea,"2"\nMilk,10\n,\n,\nBread,3\n',
    );
    expect(text(reduce(two, { type: 'remove', what: 'rows' }))).toBe('name,price\nBread,3\n');
    expect(text(reduce(two, { type: 'insert', place: 'left' }))).toBe(
      ',name,price\n,Tea,2\n,Milk,10\n,Bread,3\n',
    );
    expect(text(reduce(two, { type: 'remove', what: 'columns' }))).toBe('price\n2\n10\n3\n');
  });

  it('sorts by number, empty cells last, either way', () => {
    const state = run(opened('n,v\na,10\nb,\nc,9\nd,x\ne,1\n'), go(1, 1));
    const order = (descending: boolean) =>
      reduce(state, { type: 'sort', descending })
        .sheet.rows.map(({ cells }) => cells[0])
        .join('');
    expect(order(false)).toBe('necadb');
    expect(order(true)).toBe('ndaceb');
  });

  it('comes back to the very text by undoing, whatever was done, and forth again', () => {
    const cell = fc.nat(5);
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.tuple(cell, cell, fc.boolean()).map(([row, column, extend]) => go(row, column, extend)),
      fc.constantFrom<Action>(
        { type: 'clear' },
        { type: 'edit', typed: true },
        { type: 'draft', text: 'x"y' },
        { type: 'cancel' },
        { type: 'commit', to: 'next' },
        { type: 'remove', what: 'rows' },
        { type: 'remove', what: 'columns' },
        { type: 'sort', descending: true },
      ),
      fc
        .constantFrom('above', 'below', 'left', 'right')
        .map((place) => ({ type: 'insert', place }) as Action),
      fc
        .array(fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        })
        .map((cells): Action => ({ type: 'paste', cells })),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        // What is typed into a cell belongs to an open one.
        const done = actions.reduce(
          (state, next) => (next.type === 'draft' && !state.draft ? state : reduce(state, next)),
          opened(),
        );
        const settled = reduce(done, go(0, 0));
        let state = settled;
        for (const _ of settled.past) state = reduce(state, { type: 'undo' });
        expect(text(state)).toBe(TEXT);
        for (const _ of settled.past) state = reduce(state, { type: 'redo' });
        expect(text(state)).toBe(text(settled));
      }),
    );
  });
});

describe('the keyboard', () => {
  it('moves, selects and jumps as a spreadsheet does', () => {
    const { selection } = press(opened(), 'ArrowDown', 'ArrowRight', 'Shift+ArrowDown');
    expect(selection).toEqual({ active: { row: 1, column: 1 }, head: { row: 2, column: 1 } });
    expect(press(opened(), 'Control+End').selection.active).toEqual({ row: 3, column: 1 });
    expect(press(opened(), 'ArrowUp', 'ArrowLeft').selection.active).toEqual({ row: 0, column: 0 });
    const gap = opened('a\n1\n\n\n2\n3\n');
    const rows = ['Control+ArrowDown', 'Control+ArrowDown', 'Control+ArrowDown'].map(
      (_, count, keys) => press(gap, ...keys.slice(0, count + 1)).selection.active.row,
    );
    expect(rows).toEqual([1, 4, 5]);
  });

  it('goes through all cells by Tab, and then leaves', () => {
    const state = press(opened('a,b\n1,2\n'), 'Tab', 'Tab', 'Tab');
    expect(state.selection.active).toEqual({ row: 1, column: 1 });
    const tab = { key: 'Tab', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    expect(actionOf({ ...tab, getModifierState: () => false }, state, true, 10)).toBeNull();
  });

  it('clears, undoes and redoes', () => {
    const cleared = press(opened(), 'ArrowDown', 'Delete');
    expect(text(cleared)).toContain('\n,2\n');
    expect(text(press(cleared, 'Control+z'))).toBe(TEXT);
    expect(text(press(cleared, 'Control+z', 'Control+y'))).toBe(text(cleared));
  });

  it('inserts rows, and deletes rows or whole columns', () => {
    expect(text(press(opened(), 'Alt+Shift+ArrowDown'))).toBe(
      'name,price\n,\nTea,"2"\nMilk,10\nBread,3\n',
    );
    expect(text(press(opened(), 'ArrowDown', 'Alt+Shift+Backspace'))).toBe(
      'name,price\nMilk,10\nBread,3\n',
    );
    expect(text(press(opened(), 'Control+Space', 'Alt+Shift+Delete'))).toBe('price\n2\n10\n3\n');
  });

  it('opens a cell by typing, Enter and F2', () => {
    expect(press(opened(), 'x').draft).toEqual({ text: '', typed: true });
    expect(press(opened(), 'Enter').draft).toEqual({ text: 'name', typed: false });
    expect(press(opened(), 'F2').draft).toEqual({ text: 'name', typed: false });
    expect(press(opened(), 'Control+x').draft).toBeNull();
    expect(press(opened(), 'Shift').draft).toBeNull();
  });
});

it.each([
  ['12', 12],
  ['-1.5', -1.5],
  ['1,234', 1234],
  ['1,5', 1.5],
  ['1.234,56', 1234.56],
  ['1,234.56', 1234.56],
  ['€ 12', 12],
  ['12 %', 12],
  ['1.234.567', 1_234_567],
  ['2024-01-02', null],
  ['a1', null],
  ['', null],
])('%s reads as the number %s', (cell, value) => {
  expect(numberOf(cell)).toBe(value);
});
