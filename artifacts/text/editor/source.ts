/**
 * The way from Markdown to the editor and back. Each block at the top remembers the very text that it
 * was read from: whatever is as it was is written as it was, to the byte.
 */
import type { Node } from 'prosemirror-model';
import { createReader, type Definitions, type TreeNode } from '@/artifacts/text/editor/from-tree';
import { schema } from '@/artifacts/text/editor/schema';
import { toTree } from '@/artifacts/text/editor/to-tree';
import { coverMaths } from '@/artifacts/text/editor/verbatim';
import { type Hand, handOf, unlike, writeTree } from '@/artifacts/text/editor/write-tree';
import { splitBlocks } from '@/lib/client/markdown/blocks';
import { hasDefinitions } from '@/lib/client/markdown/features';
import { parseMarkdown } from '@/lib/client/markdown/parse';

type Block = { node: Node; text: string };

/** What a text was read from. */
export type Source = {
  blocks: readonly Block[];
  /** What stood before each block, and after the last one: one more than there are blocks. */
  gaps: readonly string[];
  hand: Hand;
  /** Reads a part of it. */
  read: (part: string) => Placed[];
  /** Places of blocks by the nodes made of them, and by the text in these. */
  places: ReadonlyMap<Node, number>;
  likely: ReadonlyMap<string, readonly number[]>;
};

const GAP = '\n\n';

export type Read = { doc: Node; source: Source };

/** Reads Markdown at once. */
export function readMarkdown(markdown: string): Read {
  const reading = readParts(markdown);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

const PIECE_MS = 10;

/** Reads Markdown in pieces, between which the page can do other things. */
export async function readMarkdownCalmly(markdown: string): Promise<Read> {
  const reading = readParts(markdown);
  let begun = performance.now();
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
    if (performance.now() - begun < PIECE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    begun = performance.now();
  }
}

function* readParts(markdown: string): Generator<void, Read> {
  const blocks: Block[] = [];
  const gaps: string[] = [];
  let gap = '';
  // A mark of the byte order is no part of the text, and not counted in its places.
  const mark = markdown.startsWith('\uFEFF') ? 1 : 0;
  const text = markdown.slice(mark);
  const parts = splitBlocks(text).map((part) => part.text);
  const read = createPartReader(parts.map(definitionsIn));
  for (const part of parts) {
    let end = 0;
    for (const { node, from, to } of read(part)) {
      gaps.push(gap + part.slice(end, from));
      gap = '';
      blocks.push({ node, text: part.slice(from, to) });
      end = to;
    }
    gap += part.slice(end);
    yield;
  }
  gaps.push(gap);
  if (mark) gaps[0] = `\uFEFF${gaps[0]}`;

  const likely = new Map<string, number[]>();
  for (const [place, { node }] of blocks.entries()) {
    const key = keyOf(node);
    const others = likely.get(key);
    if (others) others.push(place);
    else likely.set(key, [place]);
  }
  const places = new Map(blocks.map(({ node }, place) => [node, place]));
  const content = blocks.map(({ node }) => node);
  const doc = schema.node('doc', null, content.length > 0 ? content : [schema.node('paragraph')]);
  return { doc, source: { blocks, gaps, hand: handOf(text), read, places, likely } };
}

type Placed = { node: Node; from: number; to: number };

/** Reads parts of a text each by itself, beside the definitions that are anywhere in the text. */
function createPartReader(definitionsOfParts: readonly Definition[][]): (part: string) => Placed[] {
  const named = definitionsOfParts.flat();
  const links = named.filter((node) => node.type === 'definition');
  const definitions: Definitions = new Map(links.map((node) => [node.identifier, node]));
  const appendix = `\n\n${writeTree({ type: 'root', children: named })}`;
  return (part) => {
    const covered = coverMaths(part);
    const refers = named.length > 0 && part.includes('[');
    const tree =
      (refers && parseBeside(covered.text, appendix)) || parseMarkdown(covered.text).children;
    const read = createReader(covered, definitions);
    return tree.flatMap((child) => {
      const node = read(child);
      return node ? [{ node, ...linesOf(child, part) }] : [];
    });
  };
}

type Definition = Extract<TreeNode, { type: 'definition' | 'footnoteDefinition' }>;

function isDefinition(node: TreeNode): node is Definition {
  return node.type === 'definition' || node.type === 'footnoteDefinition';
}

function definitionsIn(part: string): Definition[] {
  if (!hasDefinitions(part)) return [];
  return parseMarkdown(coverMaths(part).text).children.filter(isDefinition);
}

/** Undefined where the part is open at its end, and takes the appendix in. */
function parseBeside(text: string, appendix: string): TreeNode[] | undefined {
  const { children } = parseMarkdown(text + appendix);
  const own = children.filter(({ position }) => (position?.start.offset ?? 0) < text.length);
  return own.every(({ position }) => (position?.end.offset ?? 0) <= text.length) ? own : undefined;
}

/** The whole lines of a block: no two blocks at the top share one. */
function linesOf({ position }: TreeNode, text: string): { from: number; to: number } {
  const start = position?.start.offset ?? 0;
  const end = position?.end.offset ?? text.length;
  return { from: text.lastIndexOf('\n', start - 1) + 1, to: end };
}

/** What a block is to be written as. */
type Written = {
  node: Node;
  text: string;
  /** Its place in the source; also that of a block which has changed where it stood. */
  place: number | undefined;
  kept: boolean;
};

/** Writes a text as Markdown: what it was read from, where that still holds. */
export function writeMarkdown(doc: Node, source: Source): string {
  const written = writeBlocks(doc, source);
  const { gaps, blocks } = source;
  const first = written[0];
  if (!first) return blocks.length === 0 ? (gaps[0] as string) : '';
  const seams = written
    .slice(1)
    .map((block, index) => seam(written[index] as Written, block, source));
  const body = written.map(({ text }, index) => (seams[index - 1] ?? '') + text).join('');
  const start = gaps[0] as string;
  const end = gaps[blocks.length] as string;
  if (blocks.length === 0) return `${bare(start)}${body}\n`;
  return (first.place === 0 ? start : bare(start)) + body + end;
}

/** The mark of the byte order stays, whatever becomes of the first block. */
function bare(gap: string): string {
  return gap.startsWith('\uFEFF') ? '\uFEFF' : '';
}

function writeBlocks(doc: Node, source: Source): Written[] {
  const written: Written[] = [];
  let next = 0;
  for (const node of doc.children) {
    const place = placeOf(node, source, next);
    const original = place === undefined ? undefined : source.blocks[place];
    const text = original?.text ?? writeNode(node, source.hand);
    if (place !== undefined) next = place + 1;
    if (text !== '') written.push({ node, text, place, kept: original !== undefined });
  }
  fillPlaces(written, source.blocks.length);
  return written;
}

/** Where a node was read from, at `next` or after it if there are several such places. */
function placeOf(node: Node, { places, likely, blocks }: Source, next: number): number | undefined {
  const exact = places.get(node);
  if (exact !== undefined) return exact;
  const same = (likely.get(keyOf(node)) ?? []).filter((place) => blocks[place]?.node.eq(node));
  return same.find((place) => place >= next) ?? same[0];
}

function keyOf(node: Node): string {
  return `${node.type.name} ${node.textContent}`;
}

/** As many changed blocks as there were between two that stayed: each stands where one stood. */
function fillPlaces(written: Written[], count: number): void {
  let from = 0;
  let before = -1;
  for (let index = 0; index <= written.length; index += 1) {
    const place = index === written.length ? count : written[index]?.place;
    if (place === undefined) continue;
    if (place - before - 1 === index - from) {
      for (let each = from; each < index; each += 1) {
        (written[each] as Written).place = before + 1 + each - from;
      }
    }
    from = index + 1;
    before = place;
  }
}

function writeNode(node: Node, hand: Hand): string {
  return writeTree(toTree([node]), hand).replace(/\n$/, '');
}

/**
 * What goes between two blocks. Where they did not stand together before, they are read together:
 * two lists must not become one, and nothing be swallowed by what is open before it. They are
 * written otherwise where that is what it takes.
 */
function seam(before: Written, block: Written, source: Source): string {
  const together = before.place !== undefined && block.place === before.place + 1;
  const gap = together ? (source.gaps[block.place as number] as string) : GAP;
  if (together && before.kept && block.kept) return gap;
  const between = /\n[^\S\n]*\n/.test(gap) ? gap : GAP;
  const { read, hand } = source;
  const fits = (first: string, second: string, like?: Node) =>
    read(first + between + second).some(
      ({ node, from }) =>
        from === first.length + between.length && (like === undefined || node.eq(like)),
    );
  if (fits(before.text, block.text, block.kept ? block.node : undefined)) return between;
  const other = writeNode(block.node, unlike(before.text, hand));
  if (fits(before.text, other)) {
    block.text = other;
    return between;
  }
  const closed = writeNode(before.node, hand);
  if (fits(closed, block.text)) {
    before.text = closed;
    return between;
  }
  return `${GAP}<!-- -->${GAP}`;
}
