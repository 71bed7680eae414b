/** The tree of a block, put together from its pieces. */
import { isParsable } from '@/lib/client/markdown/limits';
import { type MarkdownRoot, parseMarkdown, type Syntax } from '@/lib/client/markdown/parse';
import type { Piece } from '@/lib/client/markdown/pieces';

export type Node = MarkdownRoot['children'][number];
type Parent = Extract<Node, { children: unknown }>;
type Joined = Piece & { between: string };
export type Parsed = { piece: Piece; nodes: readonly Node[] };

/** Stands before the rest of a paragraph, so that it is read as nothing else. */
const CONTINUED = '\uE000';
/** Deeper items are put into the last one that is not. */
const MAX_DEPTH = 32;

/** The nodes of a piece. What the parser would take too long for is one text, as it is written. */
export function parsePiece({ text, lead, dedent, join }: Piece, syntax: Syntax): Node[] {
  let source = dedent > 0 ? text.replace(new RegExp(`^[ \\t]{1,${dedent}}`, 'gm'), '') : text;
  if (join === 'paragraph') source = `${CONTINUED}${source.replace(/\n[ \t]*>/g, '\n')}`;
  return parseWithin(lead + source, syntax) ?? plainText(source.replace(CONTINUED, ''));
}

function parseWithin(source: string, syntax?: Syntax): Node[] | undefined {
  return isParsable(source) ? parseMarkdown(source, syntax).children : undefined;
}

/** A text as it is written. */
function plainText(text: string): Node[] {
  return [{ type: 'paragraph', children: [{ type: 'text', value: text.trimEnd() }], data: PLAIN }];
}

/** Marks a paragraph whose line breaks are to be seen. */
const PLAIN: object = { plain: true };
export function isPlain({ data }: Node): boolean {
  return data === PLAIN;
}

/**
 * All nodes in order; those that a cut has parted are one again. Nodes that no cut went through are
 * the ones that were given: who draws them can tell that they have not changed.
 */
export function joinPieces(parsed: readonly Parsed[]): Node[] {
  if (parsed.length === 1) return [...(parsed[0] as Parsed).nodes];
  const root: Node[] = [];
  const own = new WeakSet<object>();
  let between = '';
  for (const { piece, nodes } of parsed) {
    append(root, { ...piece, between }, nodes, own);
    // The parser leaves out what is at the end of a paragraph.
    between = /[ \t\n]$/.test(piece.text) ? (piece.text.endsWith('\n') ? '\n' : ' ') : '';
  }
  return root;
}

function append(root: Node[], piece: Joined, nodes: readonly Node[], own: WeakSet<object>): void {
  const [first, ...others] = nodes;
  if (!first) return;
  const into = childrenAt(root, piece.depth, own);
  const rest = joined(root, into, piece, first, own) ? others : nodes;
  for (const node of rest) into.push(node);
}

/** The children of the item that is open so deep in the list at the end; those of the last one there is. */
function childrenAt(root: Node[], depth: number, own: WeakSet<object>): Node[] {
  let children = root;
  for (let level = 0; level < Math.min(depth, MAX_DEPTH); level++) {
    const list = children.at(-1);
    if (list?.type !== 'list' || list.children.length === 0) break;
    const items = ownLast(children, own)?.children as Node[];
    const item = ownLast(items, own);
    if (!item) break;
    children = item.children as Node[];
  }
  return children;
}

/** Whether the first node of a piece has become a part of the last one before it. */
function joined(
  root: Node[],
  into: Node[],
  piece: Joined,
  first: Node,
  own: WeakSet<object>,
): boolean {
  const before = into.at(-1);
  switch (piece.join) {
    case 'paragraph':
      return first.type === 'paragraph' && continueText(root, first, piece.between, own);
    case 'code':
      return first.type === 'code' && continueCode(root, first.value, own);
    case 'table': {
      if (first.type !== 'table' || before?.type !== 'table') return false;
      // Its head was only there to be parsed.
      pushTo(ownLast(into, own), first.children.slice(1));
      return true;
    }
    case 'container': {
      const alike = before?.type === first.type;
      const lists =
        first.type === 'list' && before?.type === 'list' && before.ordered === first.ordered;
      if (!alike || !(lists || first.type === 'blockquote')) return false;
      pushTo(ownLast(into, own), first.children);
      return true;
    }
    default:
      return false;
  }
}

/** Adds to the paragraph at the very end. */
function continueText(
  root: Node[],
  first: Extract<Node, { type: 'paragraph' }>,
  between: string,
  own: WeakSet<object>,
) {
  let children: Node[] = root;
  for (;;) {
    const last = children.at(-1);
    if (!last || !('children' in last) || last.children.length === 0) return false;
    if (isPlain(last) !== isPlain(first) && last.type === 'paragraph') return false;
    children = ownLast(children, own)?.children as Node[];
    if (last.type === 'paragraph') break;
  }
  const [text, ...others] = first.children;
  if (text?.type === 'text') {
    children.push({ ...text, value: between + text.value.replace(CONTINUED, '') });
  } else if (text) children.push(text);
  children.push(...others);
  return true;
}

function pushTo(parent: Parent | undefined, nodes: readonly Node[]): void {
  const children = parent?.children as Node[] | undefined;
  for (const node of nodes) children?.push(node);
}

function continueCode(root: Node[], value: string, own: WeakSet<object>): boolean {
  let children: Node[] = root;
  for (;;) {
    const last = children.at(-1);
    if (last?.type === 'code') {
      children[children.length - 1] = { ...last, value: `${last.value}\n${value}` };
      return true;
    }
    if (!last || !('children' in last) || last.children.length === 0) return false;
    children = ownLast(children, own)?.children as Node[];
  }
}

/** The last node of a list of nodes that is our own; copied, where it is not yet, to be changed. */
function ownLast(nodes: Node[], own: WeakSet<object>): Parent | undefined {
  const last = nodes.at(-1);
  if (!last || !('children' in last)) return undefined;
  if (own.has(last)) return last;
  const copy = { ...last, children: [...last.children] } as Parent;
  own.add(copy);
  nodes[nodes.length - 1] = copy;
  return copy;
}
