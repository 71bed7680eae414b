/** Pairs the opening and closing tags among sibling nodes. */
import { endsLine, isLine } from '@/lib/client/markdown/html-lines';
import {
  BLOCK_TAG_PARENTS,
  isBlockTagNode,
  isInlineTag,
  parseTag,
  type RenderableNode,
  sanitizeAttributes,
  type Tag,
  VOID_TAGS,
} from '@/lib/client/markdown/html-tags';

/** Tags in deeper elements are displayed as text. */
const MAX_DEPTH = 24;

/**
 * The role of a tag: opens an element, closes one, or is a void element; undefined if it is text.
 */
type TagRole = 'open' | 'close' | 'void' | undefined;
type ClassifyTag = (
  nodes: readonly RenderableNode[],
  index: number,
  openTags: readonly string[],
) => TagRole;

export const classifyInlineTag: ClassifyTag = (nodes, index) => {
  const tag = parseTag(nodes[index] as RenderableNode);
  if (!tag) return undefined;
  if (tag.name === 'hr') return undefined;
  if (tag.name === 'img') return sanitizeAttributes(tag).src === undefined ? undefined : 'void';
  if (VOID_TAGS.has(tag.name)) return tag.isClosing ? undefined : 'void';
  if (!isInlineTag(tag.name)) return undefined;
  if (tag.isClosing) return 'close';
  // `vector<b>` is a type; `H<sub>2</sub>O` is not.
  const before = nodes[index - 1];
  const inWord = before?.type === 'text' && /[\p{L}\p{N}_]$/u.test(before.value);
  return inWord && !/^su[bp]$/.test(tag.name) ? undefined : 'open';
};

export const classifyBlockTag: ClassifyTag = (nodes, index, openTags) => {
  const tag = parseTag(nodes[index] as RenderableNode);
  if (!tag || !isBlockTagNode(tag)) return undefined;
  if (tag.isClosing) return tag.name === 'hr' ? undefined : 'close';
  const parents = BLOCK_TAG_PARENTS[tag.name];
  if (parents) return parents.split(' ').includes(openTags.at(-1) ?? '') ? 'open' : undefined;
  // Valid at the start of a line or directly after another tag; elsewhere the tag is only
  // mentioned.
  const before = nodes[index - 1];
  const inLine = before && isLine(before) && !endsLine(before.children.at(-1));
  if (inLine && openTags.length === 0) return undefined;
  return tag.name === 'hr' ? 'void' : 'open';
};

/** Maps the index of each opening tag to that of its closing tag, and of each void tag to -1. */
export function findClosingTags(
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
