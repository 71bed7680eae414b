import type { Action, EditorState } from '@/artifacts/sheet/editor-state';
import {
  at,
  type Direction,
  everything,
  isOneCell,
  jump,
  lastCell,
  nextCell,
  rangeOf,
  wholeColumns,
  wholeRows,
} from '@/artifacts/sheet/selection';

/** What is asked of a keyboard event. */
export type Key = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'
>;

const ARROWS: Record<string, Direction> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
};

const PLACES = {
  ArrowUp: 'above',
  ArrowDown: 'below',
  ArrowLeft: 'left',
  ArrowRight: 'right',
} as const;

const isPlace = (key: string): key is keyof typeof PLACES => Object.hasOwn(PLACES, key);

/** The keys of the menu's items, in tinykeys' notation. */
export const KEYS = {
  above: 'Alt+Shift+ArrowUp',
  below: 'Alt+Shift+ArrowDown',
  left: 'Alt+Shift+ArrowLeft',
  right: 'Alt+Shift+ArrowRight',
  remove: 'Alt+Shift+Backspace',
  undo: '$mod+Z',
  redo: '$mod+Shift+Z',
} as const;

/**
 * What a key means while no cell is being edited; null where it is not ours.
 * @param page rows that are in view
 */
export function actionOf(
  key: Key,
  state: EditorState,
  canEdit: boolean,
  page: number,
): Action | null {
  return (
    moveOf(key, state, page) ?? selectOf(key, state) ?? (canEdit ? editOf(key, state) : readOf(key))
  );
}

const isMod = (key: Key) => (key.ctrlKey || key.metaKey) && !key.getModifierState('AltGraph');

function moveOf(key: Key, { sheet, selection }: EditorState, page: number): Action | null {
  if (key.altKey) return null;
  const extend = key.shiftKey;
  const from = extend ? selection.head : selection.active;
  const to = (row: number, column: number): Action => ({
    type: 'move',
    to: { row, column },
    extend,
  });
  const direction = ARROWS[key.key];
  if (direction) {
    if (isMod(key)) return { type: 'move', to: jump(sheet, from, direction), extend };
    return to(from.row + direction.rows, from.column + direction.columns);
  }
  const last = lastCell(sheet);
  switch (key.key) {
    case 'Home':
      return to(isMod(key) ? 0 : from.row, 0);
    case 'End':
      return to(isMod(key) ? last.row : from.row, last.column);
    case 'PageUp':
      return to(from.row - page, from.column);
    case 'PageDown':
      return to(from.row + page, from.column);
    default:
      return null;
  }
}

function selectOf(key: Key, { sheet, selection }: EditorState): Action | null {
  const select = (next: typeof selection): Action => ({ type: 'select', selection: next });
  if (isMod(key) && key.key.toLowerCase() === 'a') return select(everything(sheet));
  if (key.key === ' ' && key.ctrlKey) return select(wholeColumns(selection, sheet));
  if (key.key === ' ' && key.shiftKey) return select(wholeRows(selection, sheet));
  if (key.key === 'Escape' && !isOneCell(selection)) return select(at(selection.active));
  return null;
}

/** While reading, a cell opens to be read in full. */
function readOf(key: Key): Action | null {
  return key.key === 'Enter' || key.key === 'F2' ? { type: 'edit', typed: false } : null;
}

function editOf(key: Key, state: EditorState): Action | null {
  const { sheet, selection } = state;
  if (key.altKey && key.shiftKey) {
    if (isPlace(key.key)) return { type: 'insert', place: PLACES[key.key] };
    if (isErase(key)) return { type: 'remove', what: whatIsWhole(state) };
  }
  if (isMod(key)) {
    const name = key.key.toLowerCase();
    if (name === 'z') return { type: key.shiftKey ? 'redo' : 'undo' };
    return name === 'y' ? { type: 'redo' } : null;
  }
  if (key.key === 'Tab') {
    // Beyond the last cell, and before the first, Tab leaves the table.
    const to = nextCell(sheet, selection.active, key.shiftKey);
    return to && { type: 'move', to, extend: false };
  }
  if (isErase(key)) return { type: 'clear' };
  return isTyping(key) ? { type: 'edit', typed: true } : readOf(key);
}

const isErase = ({ key }: Key) => key === 'Delete' || key === 'Backspace';

/** A character, or the begin of one: of an accent, or of a word composed by an input method. */
function isTyping(key: Key): boolean {
  if (key.key === 'Process' || key.key === 'Dead') return true;
  if ([...key.key].length !== 1) return false;
  // Alt and a letter is a shortcut of the browser, unless it makes another character.
  return !key.altKey || key.getModifierState('AltGraph') || /[^ -~]/.test(key.key);
}

/** Columns where whole ones are selected, else rows. */
function whatIsWhole({ sheet, selection }: EditorState): 'rows' | 'columns' {
  const { top, bottom, left, right } = rangeOf(selection);
  const last = lastCell(sheet);
  const columns = top === 0 && bottom === last.row && !(left === 0 && right === last.column);
  return columns && last.row > 0 ? 'columns' : 'rows';
}
