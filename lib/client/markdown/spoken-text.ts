import { normalizeMath } from '@/lib/client/markdown/find-math';
import { buildBlockElements, buildInlineElements } from '@/lib/client/markdown/html-elements';
import { isInlineTag, type RenderableNode } from '@/lib/client/markdown/html-tags';
import { PAGE_SYNTAX, preprocess } from '@/lib/client/markdown/page-syntax';
import { type MarkdownRoot, parseMarkdown } from '@/lib/client/markdown/parse';
import { isUrl } from '@/lib/client/markdown/references';

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
  return buildBlockElements(children, false)
    .map(spokenNode)
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .join('\n');
}

function spokenNode(node: RenderableNode): string {
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
      return `${node.checked ? 'Done: ' : ''}${spokenNodes(buildBlockElements(node.children, false), ' ')}`;
    case 'list':
    case 'table':
    case 'blockquote':
      return spokenNodes(buildBlockElements(node.children as Node[], false), '\n');
    case 'html':
      return node.value;
    case 'element':
      return spokenElement(node);
    case 'definition':
      // Prose after a name in brackets; a link that uses it is not spoken.
      return isUrl(node.url) ? '' : `${node.label ?? node.identifier}: ${node.url}`;
    case 'footnoteDefinition':
    case 'footnoteReference':
    case 'thematicBreak':
      return '';
    default:
      return 'children' in node
        ? spokenNodes(buildInlineElements(node.children as Node[], false), '')
        : '';
  }
}

function spokenElement({ name, props, children }: Extract<RenderableNode, { type: 'element' }>) {
  if (name === 'img') return String(props.alt || 'Image');
  return isInlineTag(name) ? spokenNodes(children, '') : ` ${spokenNodes(children, ' ')} `;
}

function spokenNodes(nodes: readonly RenderableNode[], separator: string): string {
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

/** Removes footnote references. */
function withoutFootnoteReferences(text: string): string {
  return text.replace(/\[\^[^\]\s]+\]/g, '');
}
