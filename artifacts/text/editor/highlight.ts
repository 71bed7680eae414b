/** The colours of code within a text: the same as where it is read, a moment after it is written. */
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { schema } from '@/artifacts/text/editor/schema';
import { highlight } from '@/lib/client/markdown/highlight';
import type { Token } from '@/lib/client/markdown/highlight.worker';

const ASK_AFTER_MS = 150;

const key = new PluginKey<DecorationSet>('highlight');

export function highlightPlugin(): Plugin<DecorationSet> {
  /** What is known of blocks of code, each of which is another node once it has changed. */
  const colours = new WeakMap<Node, Token[][]>();
  const asked = new WeakSet<Node>();

  async function ask(view: EditorView): Promise<void> {
    const fresh = [...codeIn(view.state.doc).keys()].filter((node) => !asked.has(node));
    const answers = fresh.map(async (node) => {
      asked.add(node);
      const lines = await highlight(node.attrs.language, node.textContent);
      if (lines) colours.set(node, lines);
    });
    // Without a worker the code stays plain.
    await Promise.allSettled(answers);
    if (answers.length > 0 && !view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, true));
  }

  function colour(doc: Node): DecorationSet {
    const decorations = [...codeIn(doc)].flatMap(([node, pos]) => coloured(colours.get(node), pos));
    return DecorationSet.create(doc, decorations);
  }

  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set, _, { doc }) =>
        tr.getMeta(key) ? colour(doc) : tr.docChanged ? set.map(tr.mapping, doc) : set,
    },
    props: { decorations: (state) => key.getState(state) },
    view(view) {
      let timer = setTimeout(ask, 0, view);
      return {
        update(_, before) {
          if (before.doc === view.state.doc) return;
          clearTimeout(timer);
          timer = setTimeout(ask, ASK_AFTER_MS, view);
        },
        destroy: () => clearTimeout(timer),
      };
    },
  });
}

/** The blocks of code in a text, and where they begin. */
function codeIn(doc: Node): Map<Node, number> {
  const found = new Map<Node, number>();
  doc.descendants((node, pos) => {
    if (node.type === schema.nodes.code_block) found.set(node, pos);
    return !node.isTextblock;
  });
  return found;
}

function coloured(lines: Token[][] | undefined, pos: number): Decoration[] {
  const decorations: Decoration[] = [];
  let from = pos + 1;
  for (const line of lines ?? []) {
    for (const [text, day, night] of line) {
      const style = `--day: ${day}; --night: ${night}`;
      decorations.push(Decoration.inline(from, from + text.length, { style }));
      from += text.length;
    }
    // The end of the line.
    from += 1;
  }
  return decorations;
}
