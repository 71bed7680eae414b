/** Pasting into the editor and copying from it. */
import { toggleMark } from 'prosemirror-commands';
import { type Node, Slice } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { docToMdast } from '@/artifacts/text/editor/doc-to-mdast';
import { markdownToDoc } from '@/artifacts/text/editor/markdown-to-doc';
import { mdastToMarkdown } from '@/artifacts/text/editor/mdast-to-markdown';
import { sanitizePastedHtml } from '@/artifacts/text/editor/sanitize-pasted-html';
import { schema } from '@/artifacts/text/editor/schema';
import { safeUrl } from '@/lib/client/markdown/safe-url';

const { marks, nodes } = schema;

/** Clipboard types of code editors: they add HTML with colors, but the plain text is the source. */
const CODE_EDITOR_TYPES = ['vscode-editor-data', 'application/x-jetbrains'];

export function clipboardPlugin(): Plugin {
  return new Plugin({
    props: {
      handlePaste(view, event) {
        const { clipboardData } = event;
        const text = clipboardData?.getData('text/plain') ?? '';
        const { selection } = view.state;
        if (selection.$from.parent.type.spec.code) return false;
        const url = text.trim();
        if (!selection.empty && /^https?:\/\/\S+$/.test(url) && safeUrl(url) !== '') {
          return toggleMark(marks.link, { href: url })(view.state, view.dispatch);
        }
        if (clipboardData?.types.some((type) => CODE_EDITOR_TYPES.includes(type))) {
          view.dispatch(view.state.tr.replaceSelection(sliceOpenAtEnds(markdownToDoc(text).doc)));
          return true;
        }
        return false;
      },
      transformPastedHTML: sanitizePastedHtml,
      clipboardTextParser: (text, _, plain) =>
        sliceOpenAtEnds(plain ? docFromPlainText(text) : markdownToDoc(text).doc),
      clipboardTextSerializer: (slice) => sliceToMarkdown(slice),
    },
  });
}

/** Opens paragraphs at both ends, so that they join the text around the cursor. */
function sliceOpenAtEnds({ content }: Node): Slice {
  const open = (node: Node | null) => (node?.type === nodes.paragraph ? 1 : 0);
  return new Slice(content, open(content.firstChild), open(content.lastChild));
}

function docFromPlainText(text: string): Node {
  const lines = text.split(/(?:\r\n?|\n)+/);
  const paragraphs = lines.map((line) =>
    nodes.paragraph.create(null, line ? schema.text(line) : null),
  );
  return nodes.doc.create(null, paragraphs);
}

/** Converts a slice to Markdown, for the clipboard and for quotes in messages. */
export function sliceToMarkdown({ content }: Slice): string {
  const first = content.firstChild;
  if (content.childCount === 1 && first?.type.spec.code) return first.textContent;
  const blocks = first?.isInline ? [nodes.paragraph.create(null, content)] : content.content;
  // A slice of a table or list may contain bare rows or items.
  const completeBlocks = blocks.map((node) => {
    if (node.type === nodes.list_item) return nodes.bullet_list.create(null, node);
    if (node.type === nodes.table_row) return nodes.table.create(null, node);
    return node.isBlock && node.type.isInGroup('block')
      ? node
      : nodes.paragraph.create(null, node.content);
  });
  return mdastToMarkdown(docToMdast(completeBlocks)).replace(/\n$/, '');
}
