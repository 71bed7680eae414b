import { normalizeMath } from '@/lib/client/markdown/find-math';
import { isBlockTag, isInlineTag } from '@/lib/client/markdown/html-tags';
import { PAGE_SYNTAX, preprocess } from '@/lib/client/markdown/page-syntax';
import { type MarkdownRoot, parseMarkdown } from '@/lib/client/markdown/parse';

type Node = MarkdownRoot['children'][number];

/** Longer Markdown is truncated before parsing: this is enough for several sentences of speech. */
const MAX_CHARS = 1_200;

/**
 * Returns the start of a Markdown text for text-to-speech: no markup, no URLs, code announced but
 * not read out. Each block is a line.
 */
export function spokenText(markdown: string): string {
  const text = preprocess(normalizeMath(markdown.slice(0, MAX_CHARS)));
  const { children } = parseMarkdown(text, PAGE_SYNTAX);
  return children
    .map(spokenNode)
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .join('\n');
}

function spokenNode(node: Node): string {
  switch (node.type) {
    case 'text':
      return withoutFootnoteReferences(node.value);
    case 'inlineCode':
      return node.value;
    case 'code':
      return node.lang ? `Code in ${node.lang}.` : 'Code.';
    case 'image':
    case 'imageReference':
      return node.alt || 'Image';
    case 'link':
      return showsOwnUrl(node) ? hostName(node.url) : spokenNodes(node.children, '');
    case 'break':
      return ' ';
    case 'tableRow':
      return spokenNodes(node.children, ', ');
    case 'listItem':
      return `${node.checked ? 'Done: ' : ''}${spokenNodes(node.children, ' ')}`;
    case 'list':
    case 'table':
    case 'blockquote':
      return spokenNodes(node.children, '\n');
    case 'html':
      return isFormattingTag(node.value) ? ' ' : node.value;
    case 'definition':
    case 'footnoteDefinition':
    case 'footnoteReference':
    case 'thematicBreak':
      return '';
    default:
      return 'children' in node ? spokenNodes(node.children as Node[], '') : '';
  }
}

function spokenNodes(nodes: readonly Node[], separator: string): string {
  return nodes.map(spokenNode).join(separator);
}

/** Whether a link's text is its own URL. */
function showsOwnUrl({ url, children }: Extract<Node, { type: 'link' }>): boolean {
  const text = spokenNodes(children, '');
  return url === text || /^(https?:\/\/|www\.)\S+$/i.test(text);
}

function hostName(url: string): string {
  return URL.parse?.(url)?.hostname.replace(/^www\./, '') || 'link';
}

/** Whether the tag formats something; other tags are text (`List<String>`). */
function isFormattingTag(html: string): boolean {
  const name = /^<\/?([a-z][a-z0-9]*)/i.exec(html)?.[1]?.toLowerCase() ?? '';
  return html.startsWith('<!--') || isBlockTag(name) || isInlineTag(name) || /^w?br$/.test(name);
}

/** Removes footnote references. */
function withoutFootnoteReferences(text: string): string {
  return text.replace(/\[\^[^\]\s]+\]/g, '');
}
