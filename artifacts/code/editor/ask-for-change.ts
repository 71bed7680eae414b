import { type EditorState, type Extension, StateField } from '@codemirror/state';
import { keymap, showTooltip, type Tooltip } from '@codemirror/view';
import {
  ASK_FOR_CHANGE_KEYS,
  formatShortcut,
  isApplePlatform,
} from '@/lib/client/browser/shortcuts';

/**
 * CodeMirror extension that shows a button at the selection. On the keyboard, use the shortcut, or
 * Escape and then Tab to the button.
 * @param onAsk receives the selected text and its line numbers ("lines 2–5")
 */
export function askForChangeExtension(
  onAsk: (selected: string, location: string) => void,
): Extension {
  const askAboutSelection = (state: EditorState) =>
    onAsk(selectedText(state), selectedLines(state));
  const createTooltip = (state: EditorState): Tooltip | null => {
    const { main } = state.selection;
    if (main.empty || !selectedText(state).trim()) return null;
    return {
      pos: main.head,
      above: main.head <= main.anchor,
      create: (view) => {
        const dom = document.createElement('div');
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = 'Ask for a change';
        button.setAttribute('aria-keyshortcuts', ASK_FOR_CHANGE_KEYS);
        button.className =
          'flex h-8 cursor-pointer items-center gap-2 rounded-lg border bg-popover px-2.5 font-medium font-sans text-[0.8125rem] text-popover-foreground shadow-popover hover:bg-accent pointer-coarse:h-9';
        const keys = document.createElement('span');
        keys.ariaHidden = 'true';
        keys.textContent = formatShortcut(ASK_FOR_CHANGE_KEYS, isApplePlatform());
        keys.className =
          'rounded-sm border px-1 text-[0.6875rem] text-muted-foreground leading-4 pointer-coarse:hidden';
        button.append(keys);
        // The press must not move the focus, or the selection is lost.
        button.onpointerdown = (event) => event.preventDefault();
        button.onclick = () => askAboutSelection(view.state);
        dom.append(button);
        return { dom, offset: { x: 0, y: 4 } };
      },
    };
  };
  return [
    StateField.define<Tooltip | null>({
      create: createTooltip,
      update: (tooltip, { docChanged, selection, state }) =>
        docChanged || selection ? createTooltip(state) : tooltip,
      provide: (field) => showTooltip.from(field),
    }),
    keymap.of([
      {
        key: ASK_FOR_CHANGE_KEYS.replaceAll('+', '-'),
        run: ({ state }) => {
          if (selectedText(state).trim()) askAboutSelection(state);
          return true;
        },
      },
    ]),
  ];
}

function selectedText(state: EditorState): string {
  return state.sliceDoc(state.selection.main.from, state.selection.main.to);
}

function selectedLines({ doc, selection: { main } }: EditorState): string {
  const firstLine = doc.lineAt(main.from).number;
  const lastLine = doc.lineAt(main.to);
  // A selection of whole lines ends at the start of the next line.
  const end = lastLine.from === main.to ? lastLine.number - 1 : lastLine.number;
  return end > firstLine ? `lines ${firstLine}–${end}` : `line ${firstLine}`;
}
