/** The CodeMirror extensions of the editor. */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { stickToEndPlugin } from '@/artifacts/code/editor/stick-to-end';
import { theme } from '@/artifacts/code/editor/theme';
import { isUserEdit } from '@/artifacts/code/editor/user-edit';

/** Language and mode change without recreating the editor. */
export const languageCompartment = new Compartment();
export const modeCompartment = new Compartment();

/** Shorter selections are not highlighted elsewhere in the text. */
const MIN_MATCH_CHARS = 2;

/** @param onEdit called after every user edit */
export function editorExtensions(onEdit: (view: EditorView) => void): Extension {
  return [
    lineNumbers(),
    foldGutter({ openText: '⌄', closedText: '›' }),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches({ minSelectionLength: MIN_MATCH_CHARS }),
    search({ top: true }),
    stopEscapePropagation,
    // Tab indents. CodeMirror lets the Tab after an Escape move the focus.
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      indentWithTab,
    ]),
    stickToEndPlugin,
    theme,
    EditorView.updateListener.of(({ transactions, view }) => {
      if (transactions.some(isUserEdit)) onEdit(view);
    }),
  ];
}

/** Escape closes the search and frees Tab; it must not close the document panel as well. */
const stopEscapePropagation = EditorView.domEventHandlers({
  keydown(event) {
    if (event.key === 'Escape') event.stopPropagation();
    return false;
  },
});

/** The text can always be selected and searched; it can be edited only if `isEditable`. */
export function modeExtension(isEditable: boolean, label: string): Extension {
  return [
    EditorState.readOnly.of(!isEditable),
    EditorView.editable.of(isEditable),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-readonly': String(!isEditable),
      ...(isEditable
        ? { 'aria-description': 'Tab indents. Press Escape, then Tab, to leave.' }
        : { tabindex: '0' }),
    }),
  ];
}

/** Indents like the text does: with tabs, or with up to 4 spaces (default 2). */
export function indentUnitExtension(text: string): Extension {
  const indent = /^(\t| {2,8})\S/m.exec(text.slice(0, 20_000))?.[1] ?? '  ';
  return indentUnit.of(indent === '\t' ? '\t' : ' '.repeat(Math.min(indent.length, 4)));
}
