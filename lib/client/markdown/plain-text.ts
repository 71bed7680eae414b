import { type MarkdownRoot, parseMarkdown } from '@/lib/client/markdown/parse';

type Node = MarkdownRoot['children'][number];

/** Markdown longer than this is cut before it is parsed: enough for some sentences to be read out. */
const MAX_CHARS = 1_200;

/**
 * The beginning of a Markdown text as a voice should read it: no signs, no addresses, code named but
 * not spelled out. Each block is a line.
 */
export function plainText(markdown: string): string {
  const { children } = parseMarkdown(markdown.slice(0, MAX_CHARS));
  return children
    .map(spoken)
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .join('\n');
}

function spoken(node: Node): string {
  switch (node.type) {
    case 'text':
      return withoutMath(node.value);
    case 'inlineCode':
      return node.value;
    case 'code':
      return node.lang ? `Code in ${node.lang}.` : 'Code.';
    case 'image':
    case 'imageReference':
      return node.alt || 'Image';
    case 'link':
      return isAddress(node) ? hostOf(node.url) : all(node.children, '');
    case 'break':
      return ' ';
    case 'tableRow':
      return all(node.children, ', ');
    case 'listItem':
      return `${node.checked ? 'Done: ' : ''}${all(node.children, ' ')}`;
    case 'list':
    case 'table':
    case 'blockquote':
      return all(node.children, '\n');
    case 'html':
      return ' ';
    case 'definition':
    case 'footnoteDefinition':
    case 'footnoteReference':
    case 'thematicBreak':
      return '';
    default:
      return 'children' in node ? all(node.children as Node[], '') : '';
  }
}

function all(nodes: readonly Node[], between: string): string {
  return nodes.map(spoken).join(between);
}

/** A link that shows its own address. */
function isAddress({ url, children }: Extract<Node, { type: 'link' }>): boolean {
  const text = all(children, '');
  return url === text || /^(https?:\/\/|www\.)\S+$/i.test(text);
}

function hostOf(url: string): string {
  return URL.parse?.(url)?.hostname.replace(/^www\./, '') || 'link';
}

/** The signs that set a formula off are no words; what is between them may be. */
function withoutMath(text: string): string {
  return text.replace(/\$\$?([^$\n]+)\$\$?/g, '$1').replace(/\\[[\]()]/g, '');
}
