/** A sheet being worked on: pure, one function. What is drawn, and told, follows from it. */
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
  at,
  type Cell,
  clampCell,
  clampSelection,
  type Direction,
  FIRST,
  isOneCell,
  nextCell,
  rangeOf,
  type Selection,
} from '@/artifacts/sheet/selection';
import { cellAt, type Sheet } from '@/artifacts/sheet/sheet';

/** Steps that can be undone; of a large sheet fewer, since each holds a list of its rows. */
const MAX_STEPS = 200;
const MAX_KEPT_ROWS = 4_000_000;

type Step = { sheet: Sheet; selection: Selection };

export type EditorState = {
  sheet: Sheet;
  selection: Selection;
  /** What stands in the active cell while it is being edited; null otherwise. */
  draft: Draft | null;
  past: readonly Step[];
  future: readonly Step[];
  /** Counts the changes of the content, drafts included, since it was loaded. */
  changes: number;
  /** Counts what should bring the cell that the person has reached into view. */
  reveals: number;
};

/** `typed`: begun by typing over the cell, so that arrows go on to the next one. */
export type Draft = { text: string; typed: boolean };

export type Place = 'above' | 'below' | 'left' | 'right';

export type Action =
  | { type: 'load'; sheet: Sheet }
  | { type: 'select'; selection: Selection }
  | { type: 'move'; to: Cell; extend: boolean }
  /** Begins to edit the active cell: with its content, or empty, to be typed over. */
  | { type: 'edit'; typed: boolean }
  | { type: 'draft'; text: string }
  /** Takes the draft, and goes on to a neighbouring cell. */
  | { type: 'commit'; to: Direction | 'next' | 'previous' }
  | { type: 'cancel' }
  | { type: 'clear' }
  | { type: 'paste'; cells: string[][] }
  | { type: 'insert'; place: Place }
  | { type: 'remove'; what: 'rows' | 'columns' }
  | { type: 'sort'; descending: boolean }
  | { type: 'undo' }
  | { type: 'redo' };

export function begin(sheet: Sheet): EditorState {
  return { sheet, selection: FIRST, draft: null, past: [], future: [], changes: 0, reveals: 0 };
}

/** The sheet with what is being typed. */
export function sheetWithDraft({ sheet, selection, draft }: EditorState): Sheet {
  if (draft === null) return sheet;
  return setCells(sheet, selection.active.row, selection.active.column, [[draft.text]]);
}

export function reduce(state: EditorState, action: Action): EditorState {
  if (action.type === 'load') {
    const selection = clampSelection(state.selection, action.sheet);
    return { ...begin(action.sheet), selection };
  }
  if (action.type === 'draft') {
    const { typed = false } = state.draft ?? {};
    return { ...state, draft: { text: action.text, typed }, changes: state.changes + 1 };
  }
  if (action.type === 'cancel') return cancelDraft(state);
  if (action.type === 'commit' && !state.draft) return state;
  // Whatever else a person does, what they typed is taken first.
  const settled = commitDraft(state);
  const { sheet, selection } = settled;
  const { active } = selection;
  if (action.type === 'select') {
    return { ...settled, selection: clampSelection(action.selection, sheet) };
  }
  const shown = { ...settled, reveals: settled.reveals + 1 };
  switch (action.type) {
    case 'move': {
      const head = clampCell(action.to, sheet);
      return { ...shown, selection: action.extend ? { active, head } : at(head) };
    }
    case 'edit': {
      const text = action.typed ? '' : cellAt(sheet, active.row, active.column);
      return { ...shown, selection: at(active), draft: { text, typed: action.typed } };
    }
    case 'commit':
      return { ...shown, selection: at(neighbour(sheet, active, action.to)) };
    case 'undo':
      return travel(shown, 'past', 'future');
    case 'redo':
      return travel(shown, 'future', 'past');
    default:
      return change(shown, action);
  }
}

function cancelDraft(state: EditorState): EditorState {
  const told = sheetWithDraft(state) !== state.sheet;
  return { ...state, draft: null, changes: state.changes + (told ? 1 : 0) };
}

function commitDraft(state: EditorState): EditorState {
  if (state.draft === null) return state;
  return change({ ...state, draft: null }, { type: 'paste', cells: [[state.draft.text]] });
}

function neighbour(sheet: Sheet, from: Cell, to: Direction | 'next' | 'previous'): Cell {
  if (to === 'next' || to === 'previous') {
    return nextCell(sheet, from, to === 'previous') ?? from;
  }
  return clampCell({ row: from.row + to.rows, column: from.column + to.columns }, sheet);
}

function travel(state: EditorState, from: 'past' | 'future', to: 'past' | 'future'): EditorState {
  const step = state[from].at(-1);
  if (!step) return state;
  const { sheet, selection } = state;
  return {
    ...state,
    ...step,
    [from]: state[from].slice(0, -1),
    [to]: [...state[to], { sheet, selection }],
    changes: state.changes + 1,
  };
}

type Edit = Extract<Action, { type: 'clear' | 'paste' | 'insert' | 'remove' | 'sort' }>;

function change(state: EditorState, edit: Edit): EditorState {
  const result = apply(state, edit);
  if (result.sheet === state.sheet) return { ...state, selection: result.selection };
  const steps = Math.min(MAX_STEPS, Math.ceil(MAX_KEPT_ROWS / (state.sheet.rows.length + 1)));
  const { sheet, selection } = state;
  return {
    ...state,
    sheet: result.sheet,
    selection: clampSelection(result.selection, result.sheet),
    past: [...state.past, { sheet, selection }].slice(-steps),
    future: [],
    changes: state.changes + 1,
  };
}

function apply({ sheet, selection }: EditorState, edit: Edit): Step {
  const range = rangeOf(selection);
  const { top, left, bottom, right } = range;
  const rows = bottom - top + 1;
  const columns = right - left + 1;
  switch (edit.type) {
    case 'clear':
      return { sheet: clearCells(sheet, range), selection };
    case 'paste': {
      const [only] = edit.cells[0] ?? [];
      const fills = edit.cells.length === 1 && edit.cells[0]?.length === 1 && !isOneCell(selection);
      const cells = fills
        ? Array.from({ length: rows }, () => Array<string>(columns).fill(only ?? ''))
        : edit.cells;
      const next = setCells(sheet, top, left, cells);
      const width = cells.reduce((most, line) => Math.max(most, line.length), 1);
      const head = { row: top + Math.max(1, cells.length) - 1, column: left + width - 1 };
      return { sheet: next, selection: { active: { row: top, column: left }, head } };
    }
    case 'insert':
      return insert(sheet, selection, edit.place);
    case 'remove':
      return edit.what === 'rows'
        ? { sheet: removeRows(sheet, top, rows), selection: at({ row: top, column: left }) }
        : { sheet: removeColumns(sheet, left, columns), selection: at({ row: top, column: left }) };
    case 'sort':
      return { sheet: sortRows(sheet, selection.active.column, edit.descending), selection };
  }
}

/** As many rows or columns as are selected, beside them. */
function insert(sheet: Sheet, selection: Selection, place: Place): Step {
  const { top, left, bottom, right } = rangeOf(selection);
  if (place === 'above' || place === 'below') {
    const row = place === 'above' ? top : bottom + 1;
    const cell = { row, column: selection.active.column };
    return { sheet: insertRows(sheet, row, bottom - top + 1), selection: at(cell) };
  }
  const column = place === 'left' ? left : right + 1;
  const cell = { row: selection.active.row, column };
  return { sheet: insertColumns(sheet, column, right - left + 1), selection: at(cell) };
}
