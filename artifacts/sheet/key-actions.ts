import type { Action, SheetEditorState } from '@/artifacts/sheet/editor-state';
import {
  type CellOffset,
  expandToColumns,
  expandToRows,
  isSingleCell,
  jumpToEdge,
  lastCell,
  nextCell,
  selectAll,
  selectCell,
  selectedRange,
} from '@/artifacts/sheet/selection';

/** The used properties of a keyboard event. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'
>;

/** The cell that an arrow key moves to. */
export const ARROWS: Record<string, CellOffset> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
};

const INSERT_POSITIONS = {
  ArrowUp: 'above',
  ArrowDown: 'below',
  ArrowLeft: 'left',
  ArrowRight: 'right',
} as const;

const isInsertKey = (key: string): key is keyof typeof INSERT_POSITIONS =>
  Object.hasOwn(INSERT_POSITIONS, key);

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
 * Returns the action of a key while no cell is edited; null if the grid does not handle the key.
 * @param visibleRows rows that PageUp and PageDown move by
 */
export function actionForKey(
  key: KeyPress,
  state: SheetEditorState,
  canEdit: boolean,
  visibleRows: number,
): Action | null {
  return (
    moveAction(key, state, visibleRows) ??
    selectAction(key, state) ??
    (canEdit ? editAction(key, state) : readAction(key))
  );
}

const hasModifier = (key: KeyPress) =>
  (key.ctrlKey || key.metaKey) && !key.getModifierState('AltGraph');

function moveAction(
  key: KeyPress,
  { sheet, selection }: SheetEditorState,
  visibleRows: number,
): Action | null {
  if (key.altKey) return null;
  const extend = key.shiftKey;
  const from = extend ? selection.head : selection.active;
  const moveTo = (row: number, column: number): Action => ({
    type: 'move',
    to: { row, column },
    extend,
  });
  const direction = ARROWS[key.key];
  if (direction) {
    if (hasModifier(key)) return { type: 'move', to: jumpToEdge(sheet, from, direction), extend };
    return moveTo(from.row + direction.rows, from.column + direction.columns);
  }
  const last = lastCell(sheet);
  switch (key.key) {
    case 'Home':
      return moveTo(hasModifier(key) ? 0 : from.row, 0);
    case 'End':
      return moveTo(hasModifier(key) ? last.row : from.row, last.column);
    case 'PageUp':
      return moveTo(from.row - visibleRows, from.column);
    case 'PageDown':
      return moveTo(from.row + visibleRows, from.column);
    default:
      return null;
  }
}

function selectAction(key: KeyPress, { sheet, selection }: SheetEditorState): Action | null {
  const select = (next: typeof selection): Action => ({ type: 'select', selection: next });
  if (hasModifier(key) && key.key.toLowerCase() === 'a') return select(selectAll(sheet));
  if (key.key === ' ' && key.ctrlKey) return select(expandToColumns(selection, sheet));
  if (key.key === ' ' && key.shiftKey) return select(expandToRows(selection, sheet));
  if (key.key === 'Escape' && !isSingleCell(selection)) return select(selectCell(selection.active));
  return null;
}

/** In a read-only sheet a cell opens to be read in full. */
function readAction(key: KeyPress): Action | null {
  return key.key === 'Enter' || key.key === 'F2' ? { type: 'edit', startedByTyping: false } : null;
}

function editAction(key: KeyPress, state: SheetEditorState): Action | null {
  const { sheet, selection } = state;
  if (key.altKey && key.shiftKey) {
    if (isInsertKey(key.key)) return { type: 'insert', position: INSERT_POSITIONS[key.key] };
    if (isErase(key)) return { type: 'remove', axis: selectedAxis(state) };
  }
  if (hasModifier(key)) {
    const name = key.key.toLowerCase();
    if (name === 'z') return { type: key.shiftKey ? 'redo' : 'undo' };
    return name === 'y' ? { type: 'redo' } : null;
  }
  if (key.key === 'Tab') {
    // Tab after the last cell, or Shift+Tab before the first, leaves the grid.
    const to = nextCell(sheet, selection.active, key.shiftKey);
    return to && { type: 'move', to, extend: false };
  }
  if (isErase(key)) return { type: 'clear' };
  return isTyping(key) ? { type: 'edit', startedByTyping: true } : readAction(key);
}

const isErase = ({ key }: KeyPress) => key === 'Delete' || key === 'Backspace';

/** Whether the key types a character or starts composing one (dead key, input method). */
function isTyping(key: KeyPress): boolean {
  if (key.key === 'Process' || key.key === 'Dead') return true;
  if ([...key.key].length !== 1) return false;
  // Alt and a letter is a browser shortcut, unless it types a different character.
  return !key.altKey || key.getModifierState('AltGraph') || /[^ -~]/.test(key.key);
}

/** Returns 'columns' if whole columns are selected, else 'rows'. */
function selectedAxis({ sheet, selection }: SheetEditorState): 'rows' | 'columns' {
  const { top, bottom, left, right } = selectedRange(selection);
  const last = lastCell(sheet);
  const columns = top === 0 && bottom === last.row && !(left === 0 && right === last.column);
  return columns && last.row > 0 ? 'columns' : 'rows';
}
