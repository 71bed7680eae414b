/** Joins the parsed segments of a block into one tree. */

import type { BlockSegment } from '@/lib/client/markdown/block-segments';
import { type MarkdownRoot, parseMarkdown, type Syntax } from '@/lib/client/markdown/parse';
import { isParsable } from '@/lib/client/markdown/parser-limits';

export type Node = MarkdownRoot['children'][number];
type Parent = Extract<Node, { children: unknown }>;
type SegmentWithSeparator = BlockSegment & { separator: string };
export type ParsedSegment = { segment: BlockSegment; nodes: readonly Node[] };

/** Prepended to the continuation of a paragraph, so that it is parsed as a paragraph. */
const CONTINUATION_MARK = '\uE000';
/** Deeper items are appended to the deepest allowed one. */
const MAX_DEPTH = 32;

/**
 * Parses a segment. Text that would take the parser too long becomes one paragraph of unparsed
 * text.
 */
export function parseSegment(
  { text, prefix, dedent, continues }: BlockSegment,
  syntax: Syntax,
): Node[] {
  let source = dedent > 0 ? text.replace(new RegExp(`^[ \\t]{1,${dedent}}`, 'gm'), '') : text;
  if (continues === 'paragraph')
    source = `${CONTINUATION_MARK}${source.replace(/\n[ \t]*>/g, '\n')}`;
  return (
    parseIfParsable(prefix + source, syntax) ??
    unparsedParagraph(source.replace(CONTINUATION_MARK, ''))
  );
}

function parseIfParsable(source: string, syntax?: Syntax): Node[] | undefined {
  return isParsable(source) ? parseMarkdown(source, syntax).children : undefined;
}

/** Wraps a text, unparsed, in a paragraph. */
function unparsedParagraph(text: string): Node[] {
  return [
    { type: 'paragraph', children: [{ type: 'text', value: text.trimEnd() }], data: UNPARSED },
  ];
}

/** Marks a paragraph of unparsed text, whose line breaks are displayed. */
const UNPARSED: object = { plain: true };
export function isUnparsed({ data }: Node): boolean {
  return data === UNPARSED;
}

/**
 * Returns all nodes in order; nodes that a split divided are merged again. Nodes that were not
 * split are returned as the same objects, so that the renderer can detect that they did not change.
 */
export function joinSegments(parsed: readonly ParsedSegment[]): Node[] {
  if (parsed.length === 1) return [...(parsed[0] as ParsedSegment).nodes];
  const root: Node[] = [];
  const copiedNodes = new WeakSet<object>();
  let separator = '';
  for (const { segment, nodes } of parsed) {
    appendSegment(root, { ...segment, separator }, nodes, copiedNodes);
    // The parser drops whitespace at the end of a paragraph.
    separator = /[ \t\n]$/.test(segment.text) ? (segment.text.endsWith('\n') ? '\n' : ' ') : '';
  }
  return root;
}

function appendSegment(
  root: Node[],
  segment: SegmentWithSeparator,
  nodes: readonly Node[],
  copiedNodes: WeakSet<object>,
): void {
  const [first, ...others] = nodes;
  if (!first) return;
  const target = childrenAtDepth(root, segment.depth, copiedNodes);
  const remaining = mergeFirstNode(root, target, segment, first, copiedNodes) ? others : nodes;
  for (const node of remaining) target.push(node);
}

/** Returns the children of the open list item at this depth, or of the deepest one there is. */
function childrenAtDepth(root: Node[], depth: number, copiedNodes: WeakSet<object>): Node[] {
  let children = root;
  for (let level = 0; level < Math.min(depth, MAX_DEPTH); level++) {
    const list = children.at(-1);
    if (list?.type !== 'list' || list.children.length === 0) break;
    const items = copyLastNode(children, copiedNodes)?.children as Node[];
    const item = copyLastNode(items, copiedNodes);
    if (!item) break;
    children = item.children as Node[];
  }
  return children;
}

/** Merges the first node of a segment into the last node before it. Returns whether it did. */
function mergeFirstNode(
  root: Node[],
  target: Node[],
  segment: SegmentWithSeparator,
  first: Node,
  copiedNodes: WeakSet<object>,
): boolean {
  const lastNode = target.at(-1);
  switch (segment.continues) {
    case 'paragraph':
      return (
        first.type === 'paragraph' && continueText(root, first, segment.separator, copiedNodes)
      );
    case 'code':
      return first.type === 'code' && continueCode(root, first.value, copiedNodes);
    case 'table': {
      if (first.type !== 'table' || lastNode?.type !== 'table') return false;
      // The table head was only there for the parser.
      pushTo(copyLastNode(target, copiedNodes), first.children.slice(1));
      return true;
    }
    case 'container': {
      const isSameType = lastNode?.type === first.type;
      const lists =
        first.type === 'list' && lastNode?.type === 'list' && lastNode.ordered === first.ordered;
      if (!isSameType || !(lists || first.type === 'blockquote')) return false;
      pushTo(copyLastNode(target, copiedNodes), first.children);
      return true;
    }
    default:
      return false;
  }
}

/** Appends to the paragraph at the very end of the tree. */
function continueText(
  root: Node[],
  first: Extract<Node, { type: 'paragraph' }>,
  separator: string,
  copiedNodes: WeakSet<object>,
) {
  let children: Node[] = root;
  for (;;) {
    const last = children.at(-1);
    if (!last || !('children' in last) || last.children.length === 0) return false;
    if (isUnparsed(last) !== isUnparsed(first) && last.type === 'paragraph') return false;
    children = copyLastNode(children, copiedNodes)?.children as Node[];
    if (last.type === 'paragraph') break;
  }
  const [text, ...others] = first.children;
  if (text?.type === 'text') {
    children.push({ ...text, value: separator + text.value.replace(CONTINUATION_MARK, '') });
  } else if (text) children.push(text);
  children.push(...others);
  return true;
}

function pushTo(parent: Parent | undefined, nodes: readonly Node[]): void {
  const children = parent?.children as Node[] | undefined;
  for (const node of nodes) children?.push(node);
}

function continueCode(root: Node[], value: string, copiedNodes: WeakSet<object>): boolean {
  let children: Node[] = root;
  for (;;) {
    const last = children.at(-1);
    if (last?.type === 'code') {
      children[children.length - 1] = { ...last, value: `${last.value}\n${value}` };
      return true;
    }
    if (!last || !('children' in last) || last.children.length === 0) return false;
    children = copyLastNode(children, copiedNodes)?.children as Node[];
  }
}

/** Returns the last node as a mutable copy; copies it only once. */
function copyLastNode(nodes: Node[], copiedNodes: WeakSet<object>): Parent | undefined {
  const last = nodes.at(-1);
  if (!last || !('children' in last)) return undefined;
  if (copiedNodes.has(last)) return last;
  const copy = { ...last, children: [...last.children] } as Parent;
  copiedNodes.add(copy);
  nodes[nodes.length - 1] = copy;
  return copy;
}
