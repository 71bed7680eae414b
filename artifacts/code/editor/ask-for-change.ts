import { type EditorState, type Extension, StateField } from '@codemirror/state';
import { keymap, showTooltip, type Tooltip } from '@codemirror/view';

const ASK_KEY = 'Mod-Alt-k';

/**
 * A button at the selection, which the keyboard reaches too: by ASK_KEY, or by Escape and Tab.
 * @param ask gets the selected text
 */
export function askForChange(ask: (selected: string) => void): Extension {
  const make = (state: EditorState): Tooltip | null => {
    const { main } = state.selection;
    if (main.empty || !state.sliceDoc(main.from, main.to).trim()) return null;
    return {
      pos: main.head,
      above: main.head <= main.anchor,
      create: (view) => {
        const dom = document.createElement('div');
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = 'Ask for a change';
        button.className =
          'cursor-pointer rounded-md border bg-popover px-2.5 py-1 font-medium font-sans text-popover-foreground text-xs shadow-popover hover:bg-accent';
        // The selection stays: the press does not move the focus.
        button.onpointerdown = (event) => event.preventDefault();
        button.onclick = () => ask(selectedText(view.state));
        dom.append(button);
        return { dom, offset: { x: 0, y: 4 } };
      },
    };
  };
  return [
    StateField.define<Tooltip | null>({
      create: make,
      update: (tooltip, { docChanged, selection, state }) =>
        docChanged || selection ? make(state) : tooltip,
      provide: (field) => showTooltip.from(field),
    }),
    keymap.of([
      {
        key: ASK_KEY,
        run: ({ state }) => {
          const selected = selectedText(state);
          if (selected.trim()) ask(selected);
          return true;
        },
      },
    ]),
  ];
}

function selectedText(state: EditorState): string {
  return state.sliceDoc(state.selection.main.from, state.selection.main.to);
}
