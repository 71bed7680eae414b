/**
 * The way from the editor to Markdown. Whatever is as it was read is written as it was, to the byte,
 * even where the parser, which looks far ahead for the other end of some signs, then takes it otherwise.
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

/** What a block is to be written as. */
type WrittenBlock = {
  node: Node;
  text: string;
  /** What goes before it. */
  separator: string;
  /** Its place in the source; also that of a block which has changed where it stood. */
  sourceIndex: number | undefined;
  isOriginal: boolean;
};

/** Writes a text as Markdown: what it was read from, where that still holds. */
export function docToMarkdown(doc: Node, source: MarkdownSource): string {
  const writtenBlocks = writeBlocks(doc, source);
  const { gaps, blocks } = source;
  const first = writtenBlocks[0];
  const [start, end] = [gaps[0] as string, gaps[blocks.length] as string];
  if (!first) return blocks.length === 0 ? start : '';
  const mark = start.startsWith('\uFEFF') ? '\uFEFF' : '';
  if (first.sourceIndex === 0) first.separator = start.slice(mark.length);
  for (const [index, block] of writtenBlocks.entries()) {
    if (index > 0)
      block.separator = separatorBetween(writtenBlocks[index - 1] as WrittenBlock, block, source);
  }
  const body = writtenBlocks.map((block) => block.separator + block.text).join('');
  return mark + body + (blocks.length === 0 ? '\n' : end);
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

/** Where a node was read from, at `next` or after it if there are several such places. */
function findSourceIndex(
  node: Node,
  { indexByNode, indexesByKey, blocks }: MarkdownSource,
  next: number,
): number | undefined {
  const exact = indexByNode.get(node);
  if (exact !== undefined) return exact;
  const same = (indexesByKey.get(similarityKey(node)) ?? []).filter((place) =>
    blocks[place]?.node.eq(node),
  );
  return same.find((place) => place >= next) ?? same[0];
}

/** As many changed blocks as there were between two that stayed: each stands where one stood. */
function inferSourceIndexes(writtenBlocks: WrittenBlock[], count: number): void {
  let from = 0;
  let before = -1;
  for (let index = 0; index <= writtenBlocks.length; index += 1) {
    const place = index === writtenBlocks.length ? count : writtenBlocks[index]?.sourceIndex;
    if (place === undefined) continue;
    if (place - before - 1 === index - from) {
      for (let each = from; each < index; each += 1) {
        (writtenBlocks[each] as WrittenBlock).sourceIndex = before + 1 + each - from;
      }
    }
    from = index + 1;
    before = place;
  }
}

function nodeToMarkdown(node: Node, hand: MarkdownStyle): string {
  return mdastToMarkdown(docToMdast([node]), hand).replace(/\n$/, '');
}

/**
 * What goes between two blocks. Where they did not stand together before, they are read together:
 * two lists must not become one, and nothing be swallowed by what is open before it. They are
 * written otherwise where that is what it takes.
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
