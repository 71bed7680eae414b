/** Creates the ProseMirror view of a document. */
import { history } from 'prosemirror-history';
import type { Node } from 'prosemirror-model';
import { type Command, EditorState, type Plugin } from 'prosemirror-state';
import { tableEditing } from 'prosemirror-tables';
import { EditorView } from 'prosemirror-view';
import { clipboardPlugin } from '@/artifacts/text/editor/clipboard';
import { highlightPlugin } from '@/artifacts/text/editor/highlight';
import { createKeymapPlugins } from '@/artifacts/text/editor/keymap';
import { BlockView, ListItemView } from '@/artifacts/text/editor/node-views';
import { schema } from '@/artifacts/text/editor/schema';
import { suggestionsPlugin } from '@/artifacts/text/editor/suggestions';
import { safeUrl } from '@/lib/client/markdown/safe-url';

export type TextEditorOptions = {
  doc: Node;
  /** The accessible name. */
  label: string;
  openLinkEditor: Command;
  askForChange: Command;
  focusToolbar: Command;
  /** Called after each transaction; `isEdited` tells whether the document has changed. */
  onChange: (state: EditorState, isEdited: boolean) => void;
};

export function createEditorView(mount: HTMLElement, options: TextEditorOptions): EditorView {
  const plugins: Plugin[] = [
    suggestionsPlugin(),
    ...createKeymapPlugins(options),
    history(),
    tableEditing(),
    clipboardPlugin(),
    highlightPlugin(),
  ];
  const view = new EditorView(
    { mount },
    {
      state: EditorState.create({ doc: options.doc, plugins }),
      attributes: {
        class: 'block-group',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
      },
      nodeViews: {
        list_item: (node, view, getPos) => new ListItemView(node, view, getPos),
        blockquote: (node) => new BlockView(node),
        table: (node) => new BlockView(node),
      },
      handleClick: openLinkOnClick,
      dispatchTransaction(tr) {
        const state = view.state.apply(tr);
        view.updateState(state);
        options.onChange(state, tr.docChanged);
      },
    },
  );
  return view;
}

/** Ctrl- or ⌘-click opens a link; a plain click moves the cursor. */
function openLinkOnClick(view: EditorView, pos: number, event: MouseEvent): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  const mark = schema.marks.link.isInSet(view.state.doc.resolve(pos).marks());
  const href = safeUrl(mark?.attrs.href ?? '');
  if (href === '') return false;
  window.open(href, '_blank', 'noopener,noreferrer');
  return true;
}
