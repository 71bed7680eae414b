/** Highlights code blocks like rendered Markdown, shortly after each edit. */
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { schema } from '@/artifacts/text/editor/schema';
import { highlight } from '@/lib/client/markdown/highlight';
import type { Token } from '@/lib/client/markdown/highlight.worker';
import { HIGHLIGHT_DEBOUNCE_MS } from '@/lib/protocol/latency';

const pluginKey = new PluginKey<DecorationSet>('highlight');

export function highlightPlugin(): Plugin<DecorationSet> {
  /** Tokens of code blocks. A changed block is a new node. */
  const tokensByNode = new WeakMap<Node, Token[][]>();
  const requestedNodes = new WeakSet<Node>();

  async function requestHighlights(view: EditorView): Promise<void> {
    const newNodes = [...findCodeBlocks(view.state.doc).keys()].filter(
      (node) => !requestedNodes.has(node),
    );
    const requests = newNodes.map(async (node) => {
      requestedNodes.add(node);
      const lines = await highlight(node.attrs.language, node.textContent);
      if (lines) tokensByNode.set(node, lines);
    });
    // If the worker fails, the code stays unhighlighted.
    await Promise.allSettled(requests);
    if (requests.length > 0 && !view.isDestroyed)
      view.dispatch(view.state.tr.setMeta(pluginKey, true));
  }

  function createDecorations(doc: Node): DecorationSet {
    const decorations = [...findCodeBlocks(doc)].flatMap(([node, pos]) =>
      decorationsForCode(tokensByNode.get(node), pos),
    );
    return DecorationSet.create(doc, decorations);
  }

  return new Plugin<DecorationSet>({
    key: pluginKey,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set, _, { doc }) =>
        tr.getMeta(pluginKey)
          ? createDecorations(doc)
          : tr.docChanged
            ? set.map(tr.mapping, doc)
            : set,
    },
    props: { decorations: (state) => pluginKey.getState(state) },
    view(view) {
      let timer = setTimeout(requestHighlights, 0, view);
      return {
        update(_, before) {
          if (before.doc === view.state.doc) return;
          clearTimeout(timer);
          timer = setTimeout(requestHighlights, HIGHLIGHT_DEBOUNCE_MS, view);
        },
        destroy: () => clearTimeout(timer),
      };
    },
  });
}

/** Returns the code blocks of a document and their positions. */
function findCodeBlocks(doc: Node): Map<Node, number> {
  const found = new Map<Node, number>();
  doc.descendants((node, pos) => {
    if (node.type === schema.nodes.code_block) found.set(node, pos);
    return !node.isTextblock;
  });
  return found;
}

function decorationsForCode(lines: Token[][] | undefined, pos: number): Decoration[] {
  const decorations: Decoration[] = [];
  let from = pos + 1;
  for (const line of lines ?? []) {
    for (const [text, lightColor, darkColor] of line) {
      const style = `--light-color: ${lightColor}; --dark-color: ${darkColor}`;
      decorations.push(Decoration.inline(from, from + text.length, { style }));
      from += text.length;
    }
    // The line break.
    from += 1;
  }
  return decorations;
}
