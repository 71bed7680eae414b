/** The tree of a block, put together from its pieces. */

import type { BlockSegment } from '@/lib/client/markdown/block-segments';
import { type MarkdownRoot, parseMarkdown, type Syntax } from '@/lib/client/markdown/parse';
import { isParsable } from '@/lib/client/markdown/parser-limits';

export type Node = MarkdownRoot['children'][number];
type Parent = Extract<Node, { children: unknown }>;
type SegmentWithSeparator = BlockSegment & { separator: string };
export type ParsedSegment = { segment: BlockSegment; nodes: readonly Node[] };

/** Stands before the rest of a paragraph, so that it is read as nothing else. */
const CONTINUATION_MARK = '\uE000';
/** Deeper items are put into the last one that is not. */
const MAX_DEPTH = 32;

/** The nodes of a piece. What the parser would take too long for is one text, as it is written. */
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

/** A text as it is written. */
function unparsedParagraph(text: string): Node[] {
  return [
    { type: 'paragraph', children: [{ type: 'text', value: text.trimEnd() }], data: UNPARSED },
  ];
}

/** Marks a paragraph whose line breaks are to be seen. */
const UNPARSED: object = { plain: true };
export function isUnparsed({ data }: Node): boolean {
  return data === UNPARSED;
}

/**
 * All nodes in order; those that a cut has parted are one again. Nodes that no cut went through are
 * the ones that were given: who draws them can tell that they have not changed.
 */
export function joinSegments(parsed: readonly ParsedSegment[]): Node[] {
  if (parsed.length === 1) return [...(parsed[0] as ParsedSegment).nodes];
  const root: Node[] = [];
  const copiedNodes = new WeakSet<object>();
  let separator = '';
  for (const { segment, nodes } of parsed) {
    appendSegment(root, { ...segment, separator }, nodes, copiedNodes);
    // The parser leaves out what is at the end of a paragraph.
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

/** The children of the item that is open so deep in the list at the end; those of the last one there is. */
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

/** Whether the first node of a piece has become a part of the last one before it. */
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
      // Its head was only there to be parsed.
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

/** Adds to the paragraph at the very end. */
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

/** The last node of a list of nodes that is our own; copied, where it is not yet, to be changed. */
function copyLastNode(nodes: Node[], copiedNodes: WeakSet<object>): Parent | undefined {
  const last = nodes.at(-1);
  if (!last || !('children' in last)) return undefined;
  if (copiedNodes.has(last)) return last;
  const copy = { ...last, children: [...last.children] } as Parent;
  copiedNodes.add(copy);
  nodes[nodes.length - 1] = copy;
  return copy;
}
