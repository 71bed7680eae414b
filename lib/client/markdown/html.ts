/**
 * HTML within Markdown. Of tags only those are tags that format something, in the places where they
 * do; all others are text, and shown as they are written. Nothing is ever given to an HTML parser:
 * what comes out are names and attributes of the lists below.
 */
import { safeUrl } from '@/lib/client/markdown/safe-url';
import type { Node } from '@/lib/client/markdown/tree';

export type ElementNode = {
  type: 'element';
  name: string;
  props: Record<string, string | number | boolean>;
  children: Drawable[];
};
/** Lines within an element: a paragraph whose own tags are not drawn. */
export type Drawable = Node | ElementNode;

const VOID = new Set(['br', 'hr', 'wbr', 'img']);
const INLINE = new Set(
  'a abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var'.split(
    ' ',
  ),
);
export function isInlineTag(name: string): boolean {
  return INLINE.has(name);
}

/** Elements that hold blocks, and where they must be; '' is anywhere. */
const BLOCKS: Record<string, string> = {
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
  return Object.hasOwn(BLOCKS, name) || name === 'hr';
}
const MAX_DEPTH = 24;

const TAG = /^<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)\/?>$/i;
const ATTRIBUTE = /([a-z]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi;

type Tag = { closes: boolean; name: string; attributes: string };

function tagOf(node: Drawable): Tag | undefined {
  if (node.type !== 'html') return undefined;
  const tag = TAG.exec(node.value);
  if (!tag) return undefined;
  return {
    closes: tag[1] === '/',
    name: (tag[2] as string).toLowerCase(),
    attributes: tag[3] ?? '',
  };
}

function propsOf({ name, attributes }: Tag): ElementNode['props'] {
  const props: ElementNode['props'] = {};
  for (const [, key = '', double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? bare ?? '';
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
 * @param growing whether more of them may come: what is not closed yet is open then
 */
export function pairInline(nodes: readonly Node[], growing: boolean): Drawable[] {
  if (!nodes.some(({ type }) => type === 'html')) return nodes as Drawable[];
  return build(nodes, partners(nodes, inlineTag, growing));
}

/** Nodes that are blocks: those of a document, a quotation, an item. */
export function pairBlocks(nodes: readonly Node[], growing: boolean): Drawable[] {
  if (!nodes.some(hasBlockTag)) return nodes as Drawable[];
  const flat: Drawable[] = [];
  for (const node of nodes) {
    if (hasBlockTag(node)) flat.push(...partsOf(node));
    else flat.push(node);
  }
  return wrapLines(build(flat, partners(flat, blockTag, growing)));
}

function hasBlockTag(node: Drawable): node is Extract<Node, { type: 'paragraph' }> {
  return node.type === 'paragraph' && node.children.some((child) => isBlock(tagOf(child)));
}

function isBlock(tag: Tag | undefined): boolean {
  return tag !== undefined && isBlockTag(tag.name);
}

/** Its tags of blocks apart from the lines between them. */
function partsOf(paragraph: Extract<Node, { type: 'paragraph' }>): Node[] {
  const parts: Node[] = [];
  let line: Extract<Node, { type: 'paragraph' }> | undefined;
  for (const child of paragraph.children) {
    if (isBlock(tagOf(child))) {
      parts.push(child);
      line = undefined;
    } else if (line) {
      line.children.push(child);
    } else {
      line = { type: 'paragraph', children: [child], data: LINE };
      parts.push(line);
    }
  }
  return parts;
}

const LINE: object = { line: true };

/** What a tag does: it opens an element, closes one, or is one by itself. */
type Role = 'open' | 'close' | 'alone' | undefined;
type RoleOf = (nodes: readonly Drawable[], at: number, open: readonly string[]) => Role;

const inlineTag: RoleOf = (nodes, at) => {
  const tag = tagOf(nodes[at] as Drawable);
  if (!tag) return undefined;
  if (tag.name === 'hr') return undefined;
  if (tag.name === 'img') return propsOf(tag).src === undefined ? undefined : 'alone';
  if (VOID.has(tag.name)) return tag.closes ? undefined : 'alone';
  if (!INLINE.has(tag.name)) return undefined;
  if (tag.closes) return 'close';
  // `vector<b>` is a type; `H<sub>2</sub>O` is not.
  const before = nodes[at - 1];
  const inWord = before?.type === 'text' && /[\p{L}\p{N}_]$/u.test(before.value);
  return inWord && !/^su[bp]$/.test(tag.name) ? undefined : 'open';
};

const blockTag: RoleOf = (nodes, at, open) => {
  const tag = tagOf(nodes[at] as Drawable);
  if (!tag || !isBlock(tag)) return undefined;
  if (tag.closes) return tag.name === 'hr' ? undefined : 'close';
  const parents = BLOCKS[tag.name];
  if (parents) return parents.split(' ').includes(open.at(-1) ?? '') ? 'open' : undefined;
  // At the beginning of a line, or right behind another tag; elsewhere it is spoken of.
  const before = nodes[at - 1];
  const inLine =
    before?.type === 'paragraph' && before.data === LINE && !endsLine(before.children.at(-1));
  if (inLine && open.length === 0) return undefined;
  return tag.name === 'hr' ? 'alone' : 'open';
};

function endsLine(node: Node | undefined): boolean {
  return node?.type === 'break' || (node?.type === 'text' && /\n[ \t]*$/.test(node.value));
}

/** For each tag that opens an element the place of the one that closes it, and -1 for one alone. */
function partners(
  nodes: readonly Drawable[],
  roleOf: RoleOf,
  growing: boolean,
): Map<number, number> {
  const found = new Map<number, number>();
  const open: Array<{ name: string; at: number }> = [];
  const names: string[] = [];
  const pop = () => {
    names.pop();
    return open.pop();
  };
  for (let at = 0; at < nodes.length; at++) {
    const role = roleOf(nodes, at, names);
    if (role === 'alone') found.set(at, -1);
    if (role === 'open' && open.length < MAX_DEPTH) {
      const { name } = tagOf(nodes[at] as Drawable) as Tag;
      open.push({ name, at });
      names.push(name);
    }
    if (role !== 'close') continue;
    const { name } = tagOf(nodes[at] as Drawable) as Tag;
    if (!names.includes(name)) continue;
    for (let last = pop(); last; last = pop()) {
      // A cell, a row or an item ends with what it is in.
      if (last.name === name || BLOCKS[last.name]) found.set(last.at, at);
      if (last.name === name) break;
    }
  }
  for (const { at } of open) {
    if (growing && isMeant(nodes, at)) found.set(at, nodes.length);
  }
  return found;
}

/** Something follows that the tag formats: a blank, or a pair of quotes, would say that it is spoken of. */
function isMeant(nodes: readonly Drawable[], at: number): boolean {
  const next = nodes[at + 1];
  if (next?.type !== 'text') return true;
  const before = nodes[at - 1];
  const around = (before?.type === 'text' ? before.value.slice(-1) : '') + next.value.charAt(0);
  return !/^(?:.? |""|''|\(\)|“”|‘’|「」)$/.test(around);
}

function build(
  nodes: readonly Drawable[],
  found: Map<number, number>,
  from = 0,
  to = nodes.length,
): Drawable[] {
  const built: Drawable[] = [];
  for (let at = from; at < to; at++) {
    const node = nodes[at] as Drawable;
    const partner = found.get(at);
    const tag = tagOf(node);
    if (partner === undefined || !tag) {
      if (!isComment(node)) built.push(node);
      continue;
    }
    const end = partner === -1 ? at + 1 : Math.min(partner, to);
    const children = partner === -1 ? [] : build(nodes, found, at + 1, end);
    const block = Object.hasOwn(BLOCKS, tag.name);
    // Only what may still grow is open to the end.
    const open = partner === nodes.length;
    built.push({
      type: 'element',
      name: tag.name === 'center' ? 'div' : tag.name,
      props: tag.name === 'center' ? { align: 'center' } : propsOf(tag),
      children: block ? wrapLines(children, tag.name, open) : children,
    });
    if (partner === -1) continue;
    const own = end < nodes.length ? tagOf(nodes[end] as Drawable) : undefined;
    at = own?.closes && own.name === tag.name ? end : end - 1;
  }
  return built;
}

function isComment(node: Drawable): boolean {
  return node.type === 'html' && /^<!--[\s\S]*-->$/.test(node.value);
}

/** Elements of which a line is the whole content. */
const OF_LINES = /^(?:h[1-6]|p|summary|t[dh]|caption|dt|dd|li|figcaption|pre)$/;
/** Elements that hold no text of their own. */
const NO_TEXT = /^(?:table|thead|tbody|tfoot|tr|ul|ol|dl)$/;

/** Puts tags that turned out to be text back into the lines they are in, and drops empty lines. */
function wrapLines(nodes: Drawable[], parent = '', growing = false): Drawable[] {
  const wrapped: Drawable[] = [];
  let line: Extract<Node, { type: 'paragraph' }> | undefined;
  for (const node of nodes) {
    const isLine = node.type === 'paragraph' && node.data === LINE;
    if (!isLine && node.type !== 'html') {
      wrapped.push(node);
      line = undefined;
      continue;
    }
    const children = isLine ? node.children : [node];
    if (line) {
      line.children.push(...(children as typeof line.children));
    } else {
      line = { type: 'paragraph', children: [...children] as never, data: LINE };
      wrapped.push(line);
    }
  }
  const shown = wrapped.filter((node) => !isEmptyLine(node));
  if (NO_TEXT.test(parent))
    return shown.map((node) => (node.type === 'element' ? node : inCell(node, parent)));
  if (!OF_LINES.test(parent)) return shown;
  // The lines' own content, without paragraphs around it.
  return shown.flatMap((node) =>
    node.type === 'paragraph' && node.data === LINE
      ? pairInline(node.children, growing && node === shown.at(-1))
      : [node],
  );
}

/** Text where only cells or items may be, in one of these. */
function inCell(node: Drawable, parent: string): Drawable {
  const element = (name: string, child: Drawable): ElementNode => ({
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

function isEmptyLine(node: Drawable): boolean {
  return (
    node.type === 'paragraph' &&
    node.data === LINE &&
    node.children.every((child) => child.type === 'text' && child.value.trim() === '')
  );
}
