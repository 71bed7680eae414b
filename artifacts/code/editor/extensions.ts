/** What the editor can do, put together once for each document. */
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

/** The language and the mode change while the editor stays. */
export const languageCompartment = new Compartment();
export const modeCompartment = new Compartment();

/** Longer texts are not looked through for the word under the cursor. */
const MIN_MATCH_CHARS = 2;

/**
 * @param onEdit told of every change that the person makes
 */
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
    // Tab indents. Escape lets the next Tab move on, which the editor itself sees to.
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

/** Escape is the editor's own key: it closes the search, and frees Tab. It does not close the panel. */
const stopEscapePropagation = EditorView.domEventHandlers({
  keydown(event) {
    if (event.key === 'Escape') event.stopPropagation();
    return false;
  },
});

/** Text that can be read, marked and searched, and written in only where `writable`. */
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

/** Indents as the text does already: by tabs, or by so many spaces. */
export function detectIndentUnit(text: string): Extension {
  const found = /^(\t| {2,8})\S/m.exec(text.slice(0, 20_000))?.[1] ?? '  ';
  return indentUnit.of(found === '\t' ? '\t' : ' '.repeat(Math.min(found.length, 4)));
}
