/** The state of the sheet editor, as a pure reducer. */
import {
  clearCells,
  insertColumns,
  insertRows,
  removeColumns,
  removeRows,
  setCells,
  sortRows,
} from '@/artifacts/sheet/edits';
import {
  type Cell,
  type CellOffset,
  clampCell,
  clampSelection,
  INITIAL_SELECTION,
  isSingleCell,
  nextCell,
  type Selection,
  selectCell,
  selectedRange,
} from '@/artifacts/sheet/selection';
import { cellAt, type Sheet } from '@/artifacts/sheet/sheet';

/** Undo limits. Large sheets get fewer entries: each entry holds a list of all rows. */
const MAX_HISTORY_ENTRIES = 200;
const MAX_HISTORY_ROWS = 4_000_000;

type HistoryEntry = { sheet: Sheet; selection: Selection };

export type SheetEditorState = {
  sheet: Sheet;
  selection: Selection;
  /** The text of the active cell while it is edited, else null. */
  draft: CellDraft | null;
  past: readonly HistoryEntry[];
  future: readonly HistoryEntry[];
  /** Counts the changes of the content since it was loaded, drafts included. */
  changeCount: number;
  /** Incremented when the view should scroll to the head of the selection. */
  revealCount: number;
};

/** `startedByTyping`: the user typed over the cell, so arrow keys commit and move. */
export type CellDraft = { text: string; startedByTyping: boolean };

export type InsertPosition = 'above' | 'below' | 'left' | 'right';

export type Action =
  | { type: 'load'; sheet: Sheet }
  | { type: 'select'; selection: Selection }
  | { type: 'move'; to: Cell; extend: boolean }
  /** Starts editing the active cell: with its content, or empty if started by typing. */
  | { type: 'edit'; startedByTyping: boolean }
  | { type: 'draft'; text: string }
  /** Commits the draft and moves to a neighboring cell. */
  | { type: 'commit'; to: CellOffset | 'next' | 'previous' }
  | { type: 'cancel' }
  | { type: 'clear' }
  | { type: 'paste'; cells: string[][] }
  | { type: 'insert'; position: InsertPosition }
  | { type: 'remove'; axis: 'rows' | 'columns' }
  | { type: 'sort'; descending: boolean }
  | { type: 'undo' }
  | { type: 'redo' };

export function createEditorState(sheet: Sheet): SheetEditorState {
  return {
    sheet,
    selection: INITIAL_SELECTION,
    draft: null,
    past: [],
    future: [],
    changeCount: 0,
    revealCount: 0,
  };
}

/** Returns the sheet with the draft applied. */
export function sheetWithDraft({ sheet, selection, draft }: SheetEditorState): Sheet {
  if (draft === null) return sheet;
  return setCells(sheet, selection.active.row, selection.active.column, [[draft.text]]);
}

export function reduceEditorState(state: SheetEditorState, action: Action): SheetEditorState {
  if (action.type === 'load') {
    const selection = clampSelection(state.selection, action.sheet);
    return { ...createEditorState(action.sheet), selection };
  }
  if (action.type === 'draft') {
    const { startedByTyping = false } = state.draft ?? {};
    return {
      ...state,
      draft: { text: action.text, startedByTyping },
      changeCount: state.changeCount + 1,
    };
  }
  if (action.type === 'cancel') return cancelDraft(state);
  if (action.type === 'commit' && !state.draft) return state;
  // Every other action commits the draft first.
  const committed = commitDraft(state);
  const { sheet, selection } = committed;
  const { active } = selection;
  if (action.type === 'select') {
    return { ...committed, selection: clampSelection(action.selection, sheet) };
  }
  const revealed: SheetEditorState = { ...committed, revealCount: committed.revealCount + 1 };
  switch (action.type) {
    case 'move': {
      const head = clampCell(action.to, sheet);
      return { ...revealed, selection: action.extend ? { active, head } : selectCell(head) };
    }
    case 'edit': {
      const text = action.startedByTyping ? '' : cellAt(sheet, active.row, active.column);
      return {
        ...revealed,
        selection: selectCell(active),
        draft: { text, startedByTyping: action.startedByTyping },
      };
    }
    case 'commit':
      return { ...revealed, selection: selectCell(neighborCell(sheet, active, action.to)) };
    case 'undo':
      return moveInHistory(revealed, 'past', 'future');
    case 'redo':
      return moveInHistory(revealed, 'future', 'past');
    default:
      return applyEdit(revealed, action);
  }
}

function cancelDraft(state: SheetEditorState): SheetEditorState {
  const wasReported = sheetWithDraft(state) !== state.sheet;
  return { ...state, draft: null, changeCount: state.changeCount + (wasReported ? 1 : 0) };
}

function commitDraft(state: SheetEditorState): SheetEditorState {
  if (state.draft === null) return state;
  return applyEdit({ ...state, draft: null }, { type: 'paste', cells: [[state.draft.text]] });
}

function neighborCell(sheet: Sheet, from: Cell, to: CellOffset | 'next' | 'previous'): Cell {
  if (to === 'next' || to === 'previous') {
    return nextCell(sheet, from, to === 'previous') ?? from;
  }
  return clampCell({ row: from.row + to.rows, column: from.column + to.columns }, sheet);
}

function moveInHistory(
  state: SheetEditorState,
  from: 'past' | 'future',
  to: 'past' | 'future',
): SheetEditorState {
  const entry = state[from].at(-1);
  if (!entry) return state;
  const { sheet, selection } = state;
  return {
    ...state,
    ...entry,
    [from]: state[from].slice(0, -1),
    [to]: [...state[to], { sheet, selection }],
    changeCount: state.changeCount + 1,
  };
}

type Edit = Extract<Action, { type: 'clear' | 'paste' | 'insert' | 'remove' | 'sort' }>;

function applyEdit(state: SheetEditorState, edit: Edit): SheetEditorState {
  const result = computeEdit(state, edit);
  if (result.sheet === state.sheet) return { ...state, selection: result.selection };
  const maxEntries = Math.min(
    MAX_HISTORY_ENTRIES,
    Math.ceil(MAX_HISTORY_ROWS / (state.sheet.rows.length + 1)),
  );
  const { sheet, selection } = state;
  return {
    ...state,
    sheet: result.sheet,
    selection: clampSelection(result.selection, result.sheet),
    past: [...state.past, { sheet, selection }].slice(-maxEntries),
    future: [],
    changeCount: state.changeCount + 1,
  };
}

function computeEdit({ sheet, selection }: SheetEditorState, edit: Edit): HistoryEntry {
  const range = selectedRange(selection);
  const { top, left, bottom, right } = range;
  const rows = bottom - top + 1;
  const columns = right - left + 1;
  switch (edit.type) {
    case 'clear':
      return { sheet: clearCells(sheet, range), selection };
    case 'paste': {
      const [singleValue] = edit.cells[0] ?? [];
      const fillsSelection =
        edit.cells.length === 1 && edit.cells[0]?.length === 1 && !isSingleCell(selection);
      const cells = fillsSelection
        ? Array.from({ length: rows }, () => Array<string>(columns).fill(singleValue ?? ''))
        : edit.cells;
      const next = setCells(sheet, top, left, cells);
      const width = cells.reduce((max, line) => Math.max(max, line.length), 1);
      const head = { row: top + Math.max(1, cells.length) - 1, column: left + width - 1 };
      return { sheet: next, selection: { active: { row: top, column: left }, head } };
    }
    case 'insert':
      return insert(sheet, selection, edit.position);
    case 'remove':
      return edit.axis === 'rows'
        ? { sheet: removeRows(sheet, top, rows), selection: selectCell({ row: top, column: left }) }
        : {
            sheet: removeColumns(sheet, left, columns),
            selection: selectCell({ row: top, column: left }),
          };
    case 'sort':
      return { sheet: sortRows(sheet, selection.active.column, edit.descending), selection };
  }
}

/** Inserts as many rows or columns as are selected, next to the selection. */
function insert(sheet: Sheet, selection: Selection, position: InsertPosition): HistoryEntry {
  const { top, left, bottom, right } = selectedRange(selection);
  if (position === 'above' || position === 'below') {
    const row = position === 'above' ? top : bottom + 1;
    const cell = { row, column: selection.active.column };
    return { sheet: insertRows(sheet, row, bottom - top + 1), selection: selectCell(cell) };
  }
  const column = position === 'left' ? left : right + 1;
  const cell = { row: selection.active.row, column };
  return { sheet: insertColumns(sheet, column, right - left + 1), selection: selectCell(cell) };
}
