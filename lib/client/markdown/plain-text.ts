import { normalizeMath } from '@/lib/client/markdown/find-math';
import { buildBlockElements, buildInlineElements } from '@/lib/client/markdown/html-elements';
import { isInlineTag, type RenderableNode } from '@/lib/client/markdown/html-tags';
import { PAGE_SYNTAX, preprocess } from '@/lib/client/markdown/page-syntax';
import { type MarkdownRoot, parseMarkdown } from '@/lib/client/markdown/parse';
import { isUrl } from '@/lib/client/markdown/references';

type Node = MarkdownRoot['children'][number];
type NodeOf<T extends RenderableNode['type']> = Extract<RenderableNode, { type: T }>;

/**
 * Returns a Markdown text without its markup, as somebody would type it: list markers and the lines
 * of code stay, cells are separated by tabs, links are followed by their address.
 */
export function plainText(markdown: string): string {
  const { children } = parseMarkdown(preprocess(normalizeMath(markdown)), PAGE_SYNTAX);
  return blocks(children);
}

function blocks(nodes: readonly Node[], separator = '\n\n'): string {
  return buildBlockElements(nodes, false)
    .map(block)
    .filter((text) => text.trim() !== '')
    .join(separator);
}

function inlines(nodes: readonly Node[]): string {
  return buildInlineElements(nodes, false).map(inline).join('');
}

function block(node: RenderableNode): string {
  switch (node.type) {
    case 'code':
      return node.value;
    case 'list':
      return list(node);
    case 'table':
      return node.children
        .map((row) => row.children.map((cell) => inlines(cell.children)).join('\t'))
        .join('\n');
    case 'blockquote':
      return blocks(node.children)
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
    case 'thematicBreak':
      return '---';
    case 'footnoteDefinition':
      return `[${node.label ?? node.identifier}] ${blocks(node.children, '\n')}`;
    case 'definition':
      // Prose after a name in brackets; a link that uses it has its address.
      return isUrl(node.url) ? '' : `[${node.label ?? node.identifier}]: ${node.url}`;
    case 'html':
      return node.value;
    case 'element':
      return isInlineTag(node.name)
        ? inline(node)
        : node.children.map(block).filter(Boolean).join('\n');
    default:
      return 'children' in node ? inlines(node.children as Node[]) : inline(node);
  }
}

function list({ ordered, start, spread, children }: NodeOf<'list'>): string {
  return children
    .map((item, index) => {
      const marker = ordered ? `${(start ?? 1) + index}. ` : '- ';
      const box = typeof item.checked === 'boolean' ? (item.checked ? '[x] ' : '[ ] ') : '';
      const text = box + blocks(item.children, spread || item.spread ? '\n\n' : '\n');
      return marker + text.replace(/\n(?=.)/g, `\n${' '.repeat(marker.length)}`);
    })
    .join(spread ? '\n\n' : '\n');
}

function inline(node: RenderableNode): string {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
      return node.value;
    case 'break':
      return '\n';
    case 'image':
    case 'imageReference':
      return node.alt ?? '';
    case 'link':
      return link(node);
    case 'footnoteReference':
      return `[${node.label ?? node.identifier}]`;
    case 'html':
      return node.value;
    case 'element':
      if (node.name === 'br') return '\n';
      if (node.name === 'img') return String(node.props.alt ?? '');
      return node.children.map(inline).join('');
    default:
      return 'children' in node ? inlines(node.children as Node[]) : '';
  }
}

function link({ url, children }: NodeOf<'link'>): string {
  const text = inlines(children);
  const isAddress =
    url === text || url === `mailto:${text}` || url.replace(/^https?:\/\//, '') === text;
  return isAddress || !isUrl(url) ? text : `${text} (${url})`;
}
