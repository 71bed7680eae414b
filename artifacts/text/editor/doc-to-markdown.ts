/**
 * Converts the editor's document to Markdown. Unchanged blocks keep their source text, byte by
 * byte. Without this, an edit could change how the parser reads distant blocks: for some constructs
 * it searches far ahead for the closing delimiter.
 */
import type { Node } from 'prosemirror-model';
import { docToMdast } from '@/artifacts/text/editor/doc-to-mdast';
import { type MarkdownSource, similarityKey } from '@/artifacts/text/editor/markdown-to-doc';
import {
  contrastingStyle,
  type MarkdownStyle,
  mdastToMarkdown,
} from '@/artifacts/text/editor/mdast-to-markdown';

const BLOCK_SEPARATOR = '\n\n';
const COMMENT_SEPARATOR = `${BLOCK_SEPARATOR}<!-- -->${BLOCK_SEPARATOR}`;

/** A block with its Markdown text. */
type SerializedBlock = {
  node: Node;
  text: string;
  /** The text between the previous block and this one. */
  separator: string;
  /** Its index in the source; also known for blocks that changed in place. */
  sourceIndex: number | undefined;
  /** Whether `text` is the block's source text. */
  isOriginal: boolean;
};

/** Converts a document to Markdown, reusing the source text of unchanged blocks. */
export function docToMarkdown(doc: Node, source: MarkdownSource): string {
  const serialized = serializeBlocks(doc, source);
  const { gaps, blocks } = source;
  const first = serialized[0];
  const leading = gaps[0] as string;
  const trailing = gaps[blocks.length] as string;
  if (!first) return blocks.length === 0 ? leading : '';
  const bom = leading.startsWith('\uFEFF') ? '\uFEFF' : '';
  if (first.sourceIndex === 0) first.separator = leading.slice(bom.length);
  for (let index = 1; index < serialized.length; index += 1) {
    separateFromPrevious(serialized, index, source);
  }
  const body = serialized.map((block) => block.separator + block.text).join('');
  return bom + body + (blocks.length === 0 ? '\n' : trailing);
}

function serializeBlocks(doc: Node, source: MarkdownSource): SerializedBlock[] {
  const serialized: SerializedBlock[] = [];
  let next = 0;
  for (const node of doc.children) {
    const sourceIndex = findSourceIndex(node, source, next);
    const original = sourceIndex === undefined ? undefined : source.blocks[sourceIndex];
    const text = original?.text ?? nodeToMarkdown(node, source.style);
    if (sourceIndex !== undefined) next = sourceIndex + 1;
    if (text !== '')
      serialized.push({
        node,
        text,
        separator: '',
        sourceIndex,
        isOriginal: original !== undefined,
      });
  }
  inferSourceIndexes(serialized, source.blocks.length);
  return serialized;
}

/** Returns the source index of a node; of several equal blocks the first from `next` on. */
function findSourceIndex(
  node: Node,
  { indexByNode, indexesByKey, blocks }: MarkdownSource,
  next: number,
): number | undefined {
  const exact = indexByNode.get(node);
  if (exact !== undefined) return exact;
  const equalIndexes = (indexesByKey.get(similarityKey(node)) ?? []).filter((index) =>
    blocks[index]?.node.eq(node),
  );
  return equalIndexes.find((index) => index >= next) ?? equalIndexes[0];
}

/**
 * Assigns source indexes to changed blocks: if as many blocks lie between two unchanged ones as in
 * the source, each replaces the one at its position.
 */
function inferSourceIndexes(blocks: SerializedBlock[], count: number): void {
  let from = 0;
  let before = -1;
  for (let index = 0; index <= blocks.length; index += 1) {
    const sourceIndex = index === blocks.length ? count : blocks[index]?.sourceIndex;
    if (sourceIndex === undefined) continue;
    if (sourceIndex - before - 1 === index - from) {
      for (let offset = 0; offset < index - from; offset += 1) {
        (blocks[from + offset] as SerializedBlock).sourceIndex = before + 1 + offset;
      }
    }
    from = index + 1;
    before = sourceIndex;
  }
}

function nodeToMarkdown(node: Node, style: MarkdownStyle): string {
  return mdastToMarkdown(docToMdast([node]), style).replace(/\n$/, '');
}

/**
 * Sets the separator between a block and the one before it; may rewrite either block. Blocks that
 * are unchanged and were adjacent in the source keep the text between them. Others are parsed
 * together to check that two lists do not merge and an unclosed block does not swallow the next
 * one. If they do, one block is rewritten in a different style, or a comment separates them.
 */
function separateFromPrevious(
  blocks: readonly SerializedBlock[],
  index: number,
  { gaps, parsePart, style }: MarkdownSource,
): void {
  const block = blocks[index] as SerializedBlock;
  const before = blocks[index - 1] as SerializedBlock;
  const isAdjacent =
    before.sourceIndex !== undefined && block.sourceIndex === before.sourceIndex + 1;
  const sourceGap = isAdjacent ? (gaps[block.sourceIndex as number] as string) : undefined;
  if (sourceGap !== undefined && before.isOriginal && block.isOriginal) {
    block.separator = sourceGap;
    return;
  }
  block.separator =
    sourceGap !== undefined && /\n[^\S\n]*\n/.test(sourceGap) ? sourceGap : BLOCK_SEPARATOR;

  /** Whether the second text starts a block of its own, equal to `expectedNode` if given. */
  const staysSeparate = (first: string, separator: string, second: string, expectedNode?: Node) =>
    parsePart(first + separator + second).some(
      ({ node, from }) =>
        from === first.length + separator.length &&
        (expectedNode === undefined || node.eq(expectedNode)),
    );
  const expectedNode = block.isOriginal ? block.node : undefined;
  if (staysSeparate(before.text, block.separator, block.text, expectedNode)) return;

  const restyled = nodeToMarkdown(block.node, contrastingStyle(before.text, style));
  if (staysSeparate(before.text, block.separator, restyled)) {
    block.text = restyled;
    block.isOriginal = false;
    return;
  }
  const rewrittenBefore = nodeToMarkdown(before.node, style);
  const previous = blocks[index - 2];
  if (
    staysSeparate(rewrittenBefore, block.separator, block.text) &&
    (!previous || staysSeparate(previous.text, before.separator, rewrittenBefore))
  ) {
    before.text = rewrittenBefore;
    before.isOriginal = false;
    return;
  }
  block.separator = COMMENT_SEPARATOR;
}
