/**
 * Converts the editor's document to Markdown. Unchanged blocks keep their source text, byte by
 * byte, even if an edit elsewhere makes the parser read them differently: it searches far ahead for
 * the closing delimiter of some constructs.
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

/** A block with the Markdown text to write for it. */
type WrittenBlock = {
  node: Node;
  text: string;
  /** The text between the previous block and this one. */
  separator: string;
  /** Its index in the source; also known for blocks that changed in place. */
  sourceIndex: number | undefined;
  isOriginal: boolean;
};

/** Converts a document to Markdown, reusing the source text of unchanged blocks. */
export function docToMarkdown(doc: Node, source: MarkdownSource): string {
  const writtenBlocks = writeBlocks(doc, source);
  const { gaps, blocks } = source;
  const first = writtenBlocks[0];
  const [start, end] = [gaps[0] as string, gaps[blocks.length] as string];
  if (!first) return blocks.length === 0 ? start : '';
  const bom = start.startsWith('\uFEFF') ? '\uFEFF' : '';
  if (first.sourceIndex === 0) first.separator = start.slice(bom.length);
  for (const [index, block] of writtenBlocks.entries()) {
    if (index > 0)
      block.separator = separatorBetween(writtenBlocks[index - 1] as WrittenBlock, block, source);
  }
  const body = writtenBlocks.map((block) => block.separator + block.text).join('');
  return bom + body + (blocks.length === 0 ? '\n' : end);
}

function writeBlocks(doc: Node, source: MarkdownSource): WrittenBlock[] {
  const writtenBlocks: WrittenBlock[] = [];
  let next = 0;
  for (const node of doc.children) {
    const sourceIndex = findSourceIndex(node, source, next);
    const original = sourceIndex === undefined ? undefined : source.blocks[sourceIndex];
    const text = original?.text ?? nodeToMarkdown(node, source.style);
    if (sourceIndex !== undefined) next = sourceIndex + 1;
    if (text !== '')
      writtenBlocks.push({
        node,
        text,
        separator: '',
        sourceIndex,
        isOriginal: original !== undefined,
      });
  }
  inferSourceIndexes(writtenBlocks, source.blocks.length);
  return writtenBlocks;
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
function inferSourceIndexes(writtenBlocks: WrittenBlock[], count: number): void {
  let from = 0;
  let before = -1;
  for (let index = 0; index <= writtenBlocks.length; index += 1) {
    const sourceIndex = index === writtenBlocks.length ? count : writtenBlocks[index]?.sourceIndex;
    if (sourceIndex === undefined) continue;
    if (sourceIndex - before - 1 === index - from) {
      for (let each = from; each < index; each += 1) {
        (writtenBlocks[each] as WrittenBlock).sourceIndex = before + 1 + each - from;
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
 * Returns the text between two blocks. Blocks that were not adjacent in the source are parsed
 * together to check that two lists do not merge and an unclosed block does not swallow the next
 * one. If they do, one block is rewritten in a different style, or a comment separates them.
 */
function separatorBetween(
  before: WrittenBlock,
  block: WrittenBlock,
  source: MarkdownSource,
): string {
  const isAdjacent =
    before.sourceIndex !== undefined && block.sourceIndex === before.sourceIndex + 1;
  const gap = isAdjacent ? (source.gaps[block.sourceIndex as number] as string) : BLOCK_SEPARATOR;
  if (isAdjacent && before.isOriginal && block.isOriginal) return gap;
  const between = /\n[^\S\n]*\n/.test(gap) ? gap : BLOCK_SEPARATOR;
  const { parsePart, style } = source;
  const parsesAs = (first: string, second: string, expectedNode?: Node) =>
    parsePart(first + between + second).some(
      ({ node, from }) =>
        from === first.length + between.length &&
        (expectedNode === undefined || node.eq(expectedNode)),
    );
  if (parsesAs(before.text, block.text, block.isOriginal ? block.node : undefined)) return between;
  const restyled = nodeToMarkdown(block.node, contrastingStyle(before.text, style));
  if (parsesAs(before.text, restyled)) {
    block.text = restyled;
    return between;
  }
  const rewrittenBefore = nodeToMarkdown(before.node, style);
  if (parsesAs(rewrittenBefore, block.text)) {
    before.text = rewrittenBefore;
    return between;
  }
  return COMMENT_SEPARATOR;
}
