/**
 * HTML within Markdown. Of tags only those are tags that format something, in the places where they
 * do; all others are text, and shown as they are written. Nothing is ever given to an HTML parser:
 * what comes out are names and attributes of the lists below.
 */

import type { Node } from '@/lib/client/markdown/join-segments';
import { safeUrl } from '@/lib/client/markdown/safe-url';

export type ElementNode = {
  type: 'element';
  name: string;
  props: Record<string, string | number | boolean>;
  children: RenderableNode[];
};
/** Lines within an element: a paragraph whose own tags are not drawn. */
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

/** Elements that hold blocks, and where they must be; '' is anywhere. */
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

/** Whether an element of this name is a block that the page draws. */
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
 * The children of a paragraph, of a heading, of a cell.
 * @param streaming whether more of them may come: what is not closed yet is open then
 */
export function buildInlineElements(nodes: readonly Node[], streaming: boolean): RenderableNode[] {
  if (!nodes.some(({ type }) => type === 'html')) return nodes as RenderableNode[];
  return buildElements(nodes, findClosingTags(nodes, classifyInlineTag, streaming));
}

/** Nodes that are blocks: those of a document, a quotation, an item. */
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

/** Its tags of blocks apart from the lines between them. */
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

/** What a tag does: it opens an element, closes one, or is one by itself. */
type TagRole = 'open' | 'close' | 'alone' | undefined;
type ClassifyTag = (
  nodes: readonly RenderableNode[],
  index: number,
  openTags: readonly string[],
) => TagRole;

const classifyInlineTag: ClassifyTag = (nodes, index) => {
  const tag = parseTag(nodes[index] as RenderableNode);
  if (!tag) return undefined;
  if (tag.name === 'hr') return undefined;
  if (tag.name === 'img') return sanitizeAttributes(tag).src === undefined ? undefined : 'alone';
  if (VOID_TAGS.has(tag.name)) return tag.isClosing ? undefined : 'alone';
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
  // At the beginning of a line, or right behind another tag; elsewhere it is spoken of.
  const before = nodes[index - 1];
  const inLine =
    before?.type === 'paragraph' && before.data === LINE_DATA && !endsLine(before.children.at(-1));
  if (inLine && openTags.length === 0) return undefined;
  return tag.name === 'hr' ? 'alone' : 'open';
};

function endsLine(node: Node | undefined): boolean {
  return node?.type === 'break' || (node?.type === 'text' && /\n[ \t]*$/.test(node.value));
}

/** For each tag that opens an element the place of the one that closes it, and -1 for one alone. */
function findClosingTags(
  nodes: readonly RenderableNode[],
  classifyTag: ClassifyTag,
  streaming: boolean,
): Map<number, number> {
  const closingIndexes = new Map<number, number>();
  const openTags: Array<{ name: string; at: number }> = [];
  const openTagNames: string[] = [];
  const pop = () => {
    openTagNames.pop();
    return openTags.pop();
  };
  for (let at = 0; at < nodes.length; at++) {
    const role = classifyTag(nodes, at, openTagNames);
    if (role === 'alone') closingIndexes.set(at, -1);
    if (role === 'open' && openTags.length < MAX_DEPTH) {
      const { name } = parseTag(nodes[at] as RenderableNode) as Tag;
      openTags.push({ name, at });
      openTagNames.push(name);
    }
    if (role !== 'close') continue;
    const { name } = parseTag(nodes[at] as RenderableNode) as Tag;
    if (!openTagNames.includes(name)) continue;
    for (let last = pop(); last; last = pop()) {
      // A cell, a row or an item ends with what it is in.
      if (last.name === name || BLOCK_TAG_PARENTS[last.name]) closingIndexes.set(last.at, at);
      if (last.name === name) break;
    }
  }
  for (const { at } of openTags) {
    if (streaming && isFormattingTag(nodes, at)) closingIndexes.set(at, nodes.length);
  }
  return closingIndexes;
}

/** Something follows that the tag formats: a blank, or a pair of quotes, would say that it is spoken of. */
function isFormattingTag(nodes: readonly RenderableNode[], at: number): boolean {
  const next = nodes[at + 1];
  if (next?.type !== 'text') return true;
  const before = nodes[at - 1];
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
  for (let at = from; at < to; at++) {
    const node = nodes[at] as RenderableNode;
    const closingIndex = closingIndexes.get(at);
    const tag = parseTag(node);
    if (closingIndex === undefined || !tag) {
      if (!isComment(node)) elements.push(node);
      continue;
    }
    const end = closingIndex === -1 ? at + 1 : Math.min(closingIndex, to);
    const children = closingIndex === -1 ? [] : buildElements(nodes, closingIndexes, at + 1, end);
    const block = Object.hasOwn(BLOCK_TAG_PARENTS, tag.name);
    // Only what may still grow is open to the end.
    const open = closingIndex === nodes.length;
    elements.push({
      type: 'element',
      name: tag.name === 'center' ? 'div' : tag.name,
      props: tag.name === 'center' ? { align: 'center' } : sanitizeAttributes(tag),
      children: block ? mergeLines(children, tag.name, open) : children,
    });
    if (closingIndex === -1) continue;
    const closingTag = end < nodes.length ? parseTag(nodes[end] as RenderableNode) : undefined;
    at = closingTag?.isClosing && closingTag.name === tag.name ? end : end - 1;
  }
  return elements;
}

function isComment(node: RenderableNode): boolean {
  return node.type === 'html' && /^<!--[\s\S]*-->$/.test(node.value);
}

/** Elements of which a line is the whole content. */
const SINGLE_LINE_TAGS = /^(?:h[1-6]|p|summary|t[dh]|caption|dt|dd|li|figcaption|pre)$/;
/** Elements that hold no text of their own. */
const CONTAINER_TAGS = /^(?:table|thead|tbody|tfoot|tr|ul|ol|dl)$/;

/** Puts tags that turned out to be text back into the lines they are in, and drops empty lines. */
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
  // The lines' own content, without paragraphs around it.
  return nonEmpty.flatMap((node) =>
    node.type === 'paragraph' && node.data === LINE_DATA
      ? buildInlineElements(node.children, streaming && node === nonEmpty.at(-1))
      : [node],
  );
}

/** Text where only cells or items may be, in one of these. */
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
