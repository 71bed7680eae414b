/**
 * HTML within Markdown. Only tags that format something, in valid positions, become elements; all
 * others are displayed as text.
 */
import {
  createLine,
  hasBlockTag,
  isEmptyLine,
  isLine,
  splitAtBlockTags,
} from '@/lib/client/markdown/html-lines';
import {
  classifyBlockTag,
  classifyInlineTag,
  findClosingTags,
} from '@/lib/client/markdown/html-tag-pairs';
import {
  BLOCK_TAG_PARENTS,
  type ElementNode,
  parseTag,
  type RenderableNode,
  sanitizeAttributes,
} from '@/lib/client/markdown/html-tags';
import type { Node } from '@/lib/client/markdown/join-segments';

/**
 * Builds elements from the tags among inline nodes: the children of a paragraph, a heading or a
 * cell.
 * @param streaming whether more nodes may follow: unclosed tags then stay open
 */
export function buildInlineElements(nodes: readonly Node[], streaming: boolean): RenderableNode[] {
  if (!nodes.some(({ type }) => type === 'html')) return nodes as RenderableNode[];
  return buildElements(nodes, findClosingTags(nodes, classifyInlineTag, streaming));
}

/**
 * Builds elements from the tags among block nodes: those of a document, a quotation or a list item.
 */
export function buildBlockElements(nodes: readonly Node[], streaming: boolean): RenderableNode[] {
  if (!nodes.some(hasBlockTag)) return nodes as RenderableNode[];
  const flattened: RenderableNode[] = [];
  for (const node of nodes) {
    if (hasBlockTag(node)) flattened.push(...splitAtBlockTags(node));
    else flattened.push(node);
  }
  return mergeLines(
    buildElements(flattened, findClosingTags(flattened, classifyBlockTag, streaming)),
  );
}

function buildElements(
  nodes: readonly RenderableNode[],
  closingIndexes: Map<number, number>,
  from = 0,
  to = nodes.length,
): RenderableNode[] {
  const elements: RenderableNode[] = [];
  for (let index = from; index < to; index++) {
    const node = nodes[index] as RenderableNode;
    const closingIndex = closingIndexes.get(index);
    const tag = parseTag(node);
    if (closingIndex === undefined || !tag) {
      if (!isComment(node)) elements.push(node);
      continue;
    }
    const end = closingIndex === -1 ? index + 1 : Math.min(closingIndex, to);
    const children =
      closingIndex === -1 ? [] : buildElements(nodes, closingIndexes, index + 1, end);
    const block = Object.hasOwn(BLOCK_TAG_PARENTS, tag.name);
    // An element is open to the end only if it may still grow.
    const open = closingIndex === nodes.length;
    elements.push({
      type: 'element',
      name: tag.name === 'center' ? 'div' : tag.name,
      props: tag.name === 'center' ? { align: 'center' } : sanitizeAttributes(tag),
      children: block ? mergeLines(children, tag.name, open) : children,
    });
    if (closingIndex === -1) continue;
    const closingTag = end < nodes.length ? parseTag(nodes[end] as RenderableNode) : undefined;
    index = closingTag?.isClosing && closingTag.name === tag.name ? end : end - 1;
  }
  return elements;
}

function isComment(node: RenderableNode): boolean {
  return node.type === 'html' && /^<!--[\s\S]*-->$/.test(node.value);
}

/** Elements whose content is a single line. */
const SINGLE_LINE_TAGS = /^(?:h[1-6]|p|summary|t[dh]|caption|dt|dd|li|figcaption|pre)$/;
/** Elements that cannot contain text directly. */
const CONTAINER_TAGS = /^(?:table|thead|tbody|tfoot|tr|ul|ol|dl)$/;

/** Merges tags that turned out to be text into their lines, and drops empty lines. */
function mergeLines(nodes: RenderableNode[], parent = '', streaming = false): RenderableNode[] {
  const merged: RenderableNode[] = [];
  let line: ReturnType<typeof createLine> | undefined;
  for (const node of nodes) {
    if (!isLine(node) && node.type !== 'html') {
      merged.push(node);
      line = undefined;
      continue;
    }
    const children = isLine(node) ? node.children : [node];
    if (line) {
      line.children.push(...(children as typeof line.children));
    } else {
      line = createLine(children);
      merged.push(line);
    }
  }
  const nonEmpty = merged.filter((node) => !isEmptyLine(node));
  if (CONTAINER_TAGS.test(parent))
    return nonEmpty.map((node) => (node.type === 'element' ? node : wrapInCell(node, parent)));
  if (!SINGLE_LINE_TAGS.test(parent)) return nonEmpty;
  // Unwraps the lines: their content without paragraphs.
  return nonEmpty.flatMap((node) =>
    isLine(node)
      ? buildInlineElements(node.children, streaming && node === nonEmpty.at(-1))
      : [node],
  );
}

/** Wraps text where only cells or items are allowed. */
function wrapInCell(node: RenderableNode, parent: string): RenderableNode {
  const element = (name: string, child: RenderableNode): ElementNode => ({
    type: 'element',
    name,
    props: {},
    children: [child],
  });
  if (parent === 'ul' || parent === 'ol') return element('li', node);
  if (parent === 'dl') return element('dd', node);
  const cell = element('td', node);
  if (parent === 'tr') return cell;
  const row = element('tr', cell);
  return parent === 'table' ? element('tbody', row) : row;
}
