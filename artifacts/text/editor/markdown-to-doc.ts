/**
 * Parses Markdown into the editor's document. Keeps the source text of each top-level block, so
 * that unchanged blocks can be written unchanged (doc-to-markdown.ts).
 */
import type { Node } from 'prosemirror-model';
import { hasQuotedFormula, type MaskedText, maskMath } from '@/artifacts/text/editor/mask-math';
import {
  createBlockConverter,
  createRawBlock,
  type Definitions,
  type MdastNode,
} from '@/artifacts/text/editor/mdast-to-doc';
import {
  detectMarkdownStyle,
  type MarkdownStyle,
  mdastToMarkdown,
} from '@/artifacts/text/editor/mdast-to-markdown';
import { schema } from '@/artifacts/text/editor/schema';
import { splitBlocks } from '@/lib/client/markdown/blocks';
import { hasDefinitions } from '@/lib/client/markdown/find-math';
import { parseMarkdown } from '@/lib/client/markdown/parse';

type SourceBlock = { node: Node; text: string };

/** The source text of a document. */
export type MarkdownSource = {
  blocks: readonly SourceBlock[];
  /** The text before each block, and after the last one: one more than there are blocks. */
  gaps: readonly string[];
  style: MarkdownStyle;
  /** Parses a part with the definitions of the whole text. */
  parsePart: (part: string) => LocatedBlock[];
  /** Indexes of blocks, by their nodes and by `similarityKey`. */
  indexByNode: ReadonlyMap<Node, number>;
  indexesByKey: ReadonlyMap<string, readonly number[]>;
};

export type ParsedDoc = { doc: Node; source: MarkdownSource };

/** Parses Markdown synchronously. */
export function markdownToDoc(markdown: string): ParsedDoc {
  const reading = parseParts(markdown);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

const YIELD_AFTER_MS = 10;

/** Parses Markdown block by block, and yields to the event loop every `YIELD_AFTER_MS`. */
export async function markdownToDocAsync(markdown: string): Promise<ParsedDoc> {
  const reading = parseParts(markdown);
  let sliceStartedAt = performance.now();
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
    if (performance.now() - sliceStartedAt < YIELD_AFTER_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    sliceStartedAt = performance.now();
  }
}

function* parseParts(markdown: string): Generator<void, ParsedDoc> {
  const blocks: SourceBlock[] = [];
  const gaps: string[] = [];
  let gap = '';
  // A byte order mark is not part of the text and does not count in positions.
  const bomLength = markdown.startsWith('\uFEFF') ? 1 : 0;
  const text = markdown.slice(bomLength);
  const parts = splitBlocks(text).map((part) => part.text);
  const parsePart = createPartParser(parts.map(definitionsIn));
  for (const part of parts) {
    let end = 0;
    for (const { node, from, to } of parsePart(part)) {
      gaps.push(gap + part.slice(end, from));
      gap = '';
      blocks.push({ node, text: part.slice(from, to) });
      end = to;
    }
    gap += part.slice(end);
    yield;
  }
  gaps.push(gap);
  if (bomLength) gaps[0] = `\uFEFF${gaps[0]}`;

  const indexesByKey = new Map<string, number[]>();
  for (const [index, { node }] of blocks.entries()) {
    const key = similarityKey(node);
    const indexes = indexesByKey.get(key);
    if (indexes) indexes.push(index);
    else indexesByKey.set(key, [index]);
  }
  const indexByNode = new Map(blocks.map(({ node }, index) => [node, index]));
  const content = blocks.map(({ node }) => node);
  const doc = schema.node('doc', null, content.length > 0 ? content : [schema.node('paragraph')]);
  return {
    doc,
    source: {
      blocks,
      gaps,
      style: detectMarkdownStyle(text),
      parsePart,
      indexByNode,
      indexesByKey,
    },
  };
}

/** A block and the range of its lines in the parsed text. */
type LocatedBlock = { node: Node; from: number; to: number };

/** Returns a parser for single parts of a text, which knows the definitions of all parts. */
function createPartParser(
  definitionsOfParts: readonly DefinitionNode[][],
): (part: string) => LocatedBlock[] {
  const definitionNodes = definitionsOfParts.flat();
  const links = definitionNodes.filter((node) => node.type === 'definition');
  const definitions: Definitions = new Map(links.map((node) => [node.identifier, node]));
  const appendix = `\n\n${mdastToMarkdown({ type: 'root', children: definitionNodes })}`;
  return (part) => {
    const masked = maskMath(part);
    const hasReferences = definitionNodes.length > 0 && part.includes('[');
    const tree =
      (hasReferences && parseWithAppendix(masked.text, appendix)) ||
      parseMarkdown(masked.text).children;
    const convertBlock = createBlockConverter(masked, definitions);
    const locate = createLocator(masked);
    let end = -1;
    return tree.flatMap((child) => {
      const { from, to } = locate(child);
      const source = part.slice(from, to);
      const node = hasQuotedFormula(source) ? createRawBlock(source) : convertBlock(child);
      if (!node) return [];
      // The parser counts definitions right before a setext heading as part of it.
      const located = { node, from: Math.max(from, end + 1), to };
      end = to;
      return [located];
    });
  };
}

type DefinitionNode = Extract<MdastNode, { type: 'definition' | 'footnoteDefinition' }>;

function isDefinition(node: MdastNode): node is DefinitionNode {
  return node.type === 'definition' || node.type === 'footnoteDefinition';
}

function definitionsIn(part: string): DefinitionNode[] {
  if (!hasDefinitions(part)) return [];
  return parseMarkdown(maskMath(part).text).children.filter(isDefinition);
}

/** Returns undefined if an unclosed block at the end of the part swallows the appendix. */
function parseWithAppendix(text: string, appendix: string): MdastNode[] | undefined {
  const { children } = parseMarkdown(text + appendix);
  const ownNodes = children.filter(({ position }) => (position?.start.offset ?? 0) < text.length);
  return ownNodes.every(({ position }) => (position?.end.offset ?? 0) <= text.length)
    ? ownNodes
    : undefined;
}

/**
 * Returns a function that returns the range of a block from its line start. Top-level blocks share
 * no line. Lines are compared because only they are the same in both texts.
 */
function createLocator({ masked, text }: MaskedText) {
  const breaks = [...masked.matchAll(/\r\n?|\n|$/g)];
  const lineEnds = breaks.map(({ index }) => index);
  const lineStarts = [0, ...breaks.map(({ 0: characters, index }) => index + characters.length)];
  return ({ position }: MdastNode) => {
    const { start, end } = position ?? {};
    const first = (start?.line ?? 1) - 1;
    const last = (end?.line ?? lineEnds.length) - 1;
    // Only whitespace can follow the block on its last line.
    const rest = /^[^\r\n]*/.exec(text.slice(end?.offset ?? text.length))?.[0].length ?? 0;
    return { from: lineStarts[first] as number, to: (lineEnds[last] as number) - rest };
  };
}

/** Returns a key that equal nodes share and few others have. */
export function similarityKey(node: Node): string {
  return `${node.type.name} ${node.textContent}`;
}
