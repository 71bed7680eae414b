/**
 * The way from Markdown to the editor. Each block at the top remembers the very text that it was read
 * from, so that whatever is as it was can be written as it was (write-source.ts).
 */
import type { Node } from 'prosemirror-model';
import { createReader, type Definitions, type TreeNode } from '@/artifacts/text/editor/from-tree';
import { schema } from '@/artifacts/text/editor/schema';
import { coverMaths } from '@/artifacts/text/editor/verbatim';
import { type Hand, handOf, writeTree } from '@/artifacts/text/editor/write-tree';
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

/** A block, and where its lines are in what was read. */
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
    let end = -1;
    return tree.flatMap((child) => {
      const node = read(child);
      if (!node) return [];
      const { from, to } = linesOf(child, part);
      // For the parser an underlined heading begins with the definitions that are right before it.
      const placed = { node, from: Math.max(from, end + 1), to };
      end = to;
      return [placed];
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

/** What nodes that are alike have in common, and few others. */
export function keyOf(node: Node): string {
  return `${node.type.name} ${node.textContent}`;
}
