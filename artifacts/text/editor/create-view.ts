/** A text's editor on the page. */
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
  /** What screen readers call it. */
  label: string;
  openLinkEditor: Command;
  askForChange: Command;
  focusToolbar: Command;
  /** The state has changed; `edited` where the text has. */
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
        class: 'part',
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

/** Ctrl or ⌘ and a click follow a link: a click alone puts the cursor there. */
function openLinkOnClick(view: EditorView, pos: number, event: MouseEvent): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  const mark = schema.marks.link.isInSet(view.state.doc.resolve(pos).marks());
  const href = safeUrl(mark?.attrs.href ?? '');
  if (href === '') return false;
  window.open(href, '_blank', 'noopener,noreferrer');
  return true;
}
