/**
 * HTML within Markdown. Only tags that format something, in valid positions, become elements; all
 * others are displayed as text. No HTML parser is involved: the output contains only names and
 * attributes from the lists below.
 */

import type { Node } from '@/lib/client/markdown/join-segments';
import { safeUrl } from '@/lib/client/markdown/safe-url';

export type ElementNode = {
  type: 'element';
  name: string;
  props: Record<string, string | number | boolean>;
  children: RenderableNode[];
};
/** A Markdown node or an HTML element. */
export type RenderableNode = Node | ElementNode;

const VOID_TAGS = new Set(['br', 'hr', 'wbr', 'img']);
const INLINE_TAGS = new Set(
  'a abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var'.split(
    ' ',
  ),
);
export function isInlineTag(name: string): boolean {
  return INLINE_TAGS.has(name);
}

/** Elements that contain blocks, and their allowed parents; '' means anywhere. */
const BLOCK_TAG_PARENTS: Record<string, string> = {
  article: '',
  aside: '',
  blockquote: '',
  center: '',
  details: '',
  div: '',
  dl: '',
  figure: '',
  footer: '',
  h1: '',
  h2: '',
  h3: '',
  h4: '',
  h5: '',
  h6: '',
  header: '',
  main: '',
  nav: '',
  ol: '',
  p: '',
  pre: '',
  section: '',
  table: '',
  ul: '',
  caption: 'table',
  dd: 'dl',
  dt: 'dl',
  figcaption: 'figure',
  li: 'ol ul',
  summary: 'details',
  tbody: 'table',
  td: 'tr',
  tfoot: 'table',
  th: 'tr',
  thead: 'table',
  tr: 'table tbody tfoot thead',
};

/** Whether this is a block element that the page renders. */
export function isBlockTag(name: string): boolean {
  return Object.hasOwn(BLOCK_TAG_PARENTS, name) || name === 'hr';
}
const MAX_DEPTH = 24;

const TAG_PATTERN = /^<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)\/?>$/i;
const ATTRIBUTE_PATTERN = /([a-z]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi;

type Tag = { isClosing: boolean; name: string; attributes: string };

function parseTag(node: RenderableNode): Tag | undefined {
  if (node.type !== 'html') return undefined;
  const tag = TAG_PATTERN.exec(node.value);
  if (!tag) return undefined;
  return {
    isClosing: tag[1] === '/',
    name: (tag[2] as string).toLowerCase(),
    attributes: tag[3] ?? '',
  };
}

function sanitizeAttributes({ name, attributes }: Tag): ElementNode['props'] {
  const props: ElementNode['props'] = {};
  for (const [, key = '', double, single, unquoted] of attributes.matchAll(ATTRIBUTE_PATTERN)) {
    const value = double ?? single ?? unquoted ?? '';
    const lower = key.toLowerCase();
    if (lower === 'open' && name === 'details') props.open = true;
    if (lower === 'href' && name === 'a') props.href = safeUrl(value);
    if (lower === 'src' && name === 'img') props.src = safeUrl(value);
    if (lower === 'alt' && name === 'img') props.alt = value;
    if (lower === 'title' && name === 'abbr') props.title = value;
    if (lower === 'dir' && /^(?:ltr|rtl|auto)$/.test(value)) props.dir = value;
    if (lower === 'align' && /^(?:left|right|center)$/.test(value)) props.align = value;
    if (name === 'ol' && lower === 'start' && /^\d{1,9}$/.test(value)) props.start = Number(value);
    if (/^t[dh]$/.test(name) && /^(?:col|row)span$/.test(lower) && /^\d{1,2}$/.test(value)) {
      props[lower === 'colspan' ? 'colSpan' : 'rowSpan'] = Number(value);
    }
  }
  return props;
}

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

function hasBlockTag(node: RenderableNode): node is Extract<Node, { type: 'paragraph' }> {
  return (
    node.type === 'paragraph' && node.children.some((child) => isBlockTagNode(parseTag(child)))
  );
}

function isBlockTagNode(tag: Tag | undefined): boolean {
  return tag !== undefined && isBlockTag(tag.name);
}

/** Splits a paragraph into its block tags and the lines between them. */
function splitAtBlockTags(paragraph: Extract<Node, { type: 'paragraph' }>): Node[] {
  const parts: Node[] = [];
  let line: Extract<Node, { type: 'paragraph' }> | undefined;
  for (const child of paragraph.children) {
    if (isBlockTagNode(parseTag(child))) {
      parts.push(child);
      line = undefined;
    } else if (line) {
      line.children.push(child);
    } else {
      line = { type: 'paragraph', children: [child], data: LINE_DATA };
      parts.push(line);
    }
  }
  return parts;
}

const LINE_DATA: object = { line: true };

/**
 * The role of a tag: opens an element, closes one, or is a void element; undefined if it is text.
 */
type TagRole = 'open' | 'close' | 'void' | undefined;
type ClassifyTag = (
  nodes: readonly RenderableNode[],
  index: number,
  openTags: readonly string[],
) => TagRole;

const classifyInlineTag: ClassifyTag = (nodes, index) => {
  const tag = parseTag(nodes[index] as RenderableNode);
  if (!tag) return undefined;
  if (tag.name === 'hr') return undefined;
  if (tag.name === 'img') return sanitizeAttributes(tag).src === undefined ? undefined : 'void';
  if (VOID_TAGS.has(tag.name)) return tag.isClosing ? undefined : 'void';
  if (!INLINE_TAGS.has(tag.name)) return undefined;
  if (tag.isClosing) return 'close';
  // `vector<b>` is a type; `H<sub>2</sub>O` is not.
  const before = nodes[index - 1];
  const inWord = before?.type === 'text' && /[\p{L}\p{N}_]$/u.test(before.value);
  return inWord && !/^su[bp]$/.test(tag.name) ? undefined : 'open';
};

const classifyBlockTag: ClassifyTag = (nodes, index, openTags) => {
  const tag = parseTag(nodes[index] as RenderableNode);
  if (!tag || !isBlockTagNode(tag)) return undefined;
  if (tag.isClosing) return tag.name === 'hr' ? undefined : 'close';
  const parents = BLOCK_TAG_PARENTS[tag.name];
  if (parents) return parents.split(' ').includes(openTags.at(-1) ?? '') ? 'open' : undefined;
  // Valid at the start of a line or directly after another tag; elsewhere the tag is only
  // mentioned.
  const before = nodes[index - 1];
  const inLine =
    before?.type === 'paragraph' && before.data === LINE_DATA && !endsLine(before.children.at(-1));
  if (inLine && openTags.length === 0) return undefined;
  return tag.name === 'hr' ? 'void' : 'open';
};

function endsLine(node: Node | undefined): boolean {
  return node?.type === 'break' || (node?.type === 'text' && /\n[ \t]*$/.test(node.value));
}

/** Maps the index of each opening tag to that of its closing tag, and of each void tag to -1. */
function findClosingTags(
  nodes: readonly RenderableNode[],
  classifyTag: ClassifyTag,
  streaming: boolean,
): Map<number, number> {
  const closingIndexes = new Map<number, number>();
  const openTags: Array<{ name: string; index: number }> = [];
  const openTagNames: string[] = [];
  const pop = () => {
    openTagNames.pop();
    return openTags.pop();
  };
  for (let index = 0; index < nodes.length; index++) {
    const role = classifyTag(nodes, index, openTagNames);
    if (role === 'void') closingIndexes.set(index, -1);
    if (role === 'open' && openTags.length < MAX_DEPTH) {
      const { name } = parseTag(nodes[index] as RenderableNode) as Tag;
      openTags.push({ name, index });
      openTagNames.push(name);
    }
    if (role !== 'close') continue;
    const { name } = parseTag(nodes[index] as RenderableNode) as Tag;
    if (!openTagNames.includes(name)) continue;
    for (let last = pop(); last; last = pop()) {
      // A cell, a row or an item ends with its parent.
      if (last.name === name || BLOCK_TAG_PARENTS[last.name]) closingIndexes.set(last.index, index);
      if (last.name === name) break;
    }
  }
  for (const { index } of openTags) {
    if (streaming && isFormattingTag(nodes, index)) closingIndexes.set(index, nodes.length);
  }
  return closingIndexes;
}

/**
 * Whether the tag formats the text after it. A following space, or a pair of quotes around it,
 * means that it is only mentioned.
 */
function isFormattingTag(nodes: readonly RenderableNode[], index: number): boolean {
  const next = nodes[index + 1];
  if (next?.type !== 'text') return true;
  const before = nodes[index - 1];
  const surrounding =
    (before?.type === 'text' ? before.value.slice(-1) : '') + next.value.charAt(0);
  return !/^(?:.? |""|''|\(\)|“”|‘’|「」)$/.test(surrounding);
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
  let line: Extract<Node, { type: 'paragraph' }> | undefined;
  for (const node of nodes) {
    const isLine = node.type === 'paragraph' && node.data === LINE_DATA;
    if (!isLine && node.type !== 'html') {
      merged.push(node);
      line = undefined;
      continue;
    }
    const children = isLine ? node.children : [node];
    if (line) {
      line.children.push(...(children as typeof line.children));
    } else {
      line = { type: 'paragraph', children: [...children] as never, data: LINE_DATA };
      merged.push(line);
    }
  }
  const nonEmpty = merged.filter((node) => !isEmptyLine(node));
  if (CONTAINER_TAGS.test(parent))
    return nonEmpty.map((node) => (node.type === 'element' ? node : wrapInCell(node, parent)));
  if (!SINGLE_LINE_TAGS.test(parent)) return nonEmpty;
  // Unwraps the lines: their content without paragraphs.
  return nonEmpty.flatMap((node) =>
    node.type === 'paragraph' && node.data === LINE_DATA
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

function isEmptyLine(node: RenderableNode): boolean {
  return (
    node.type === 'paragraph' &&
    node.data === LINE_DATA &&
    node.children.every((child) => child.type === 'text' && child.value.trim() === '')
  );
}
