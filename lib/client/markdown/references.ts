/** Links and notes that are defined elsewhere in the same text. */
import type { Construct } from 'micromark-util-types';
import { type Block, parseFence, splitBlocks } from '@/lib/client/markdown/blocks';
import { hasDefinitions, hasMath, normalizeMath } from '@/lib/client/markdown/find-math';
import type { Node } from '@/lib/client/markdown/join-segments';
import type { Syntax } from '@/lib/client/markdown/parse';
import { combineSyntax, parseBlock } from '@/lib/client/markdown/parse-block';

type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;
export type Definition = NodeOf<'definition'>;
export type Footnote = {
  number: number;
  node: NodeOf<'footnoteDefinition'>;
  /** How often it is referred to. */
  referenceCount: number;
};

export type References = {
  /** Lets the parser know what is defined in other blocks. */
  syntax: Syntax | undefined;
  /** By their identifiers. */
  linkDefinitions: ReadonlyMap<string, Definition>;
  footnotes: ReadonlyMap<string, Footnote>;
  /** Which mark of its note a mark is, from 1. */
  footnoteReferenceNumbers: ReadonlyMap<Node, number>;
  /** Identifiers of links that words stand for: their definitions need not be shown. */
  usedLinkIdentifiers: ReadonlySet<string>;
  /** What each block has been read as. */
  nodesByBlock: ReadonlyMap<Block, readonly Node[]>;
  /** While a text arrives, what is defined at its end is not known. */
  textStreaming: boolean;
};

export const NO_REFERENCES: References = {
  syntax: undefined,
  linkDefinitions: new Map(),
  footnotes: new Map(),
  footnoteReferenceNumbers: new Map(),
  usedLinkIdentifiers: new Set(),
  nodesByBlock: new Map(),
  textStreaming: false,
};

const URL_PATTERN =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|www\.|\.{0,2}\/|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\/)/i;

/** Whether a definition is one of a link, and not a text such as `[Note]: important`. */
export function isUrl(url: string): boolean {
  return URL_PATTERN.test(url);
}

/** @param math the syntax of maths, once it is there */
export function collectReferences(blocks: readonly Block[], math: Syntax | undefined): References {
  const linkDefinitions = new Map<string, Definition>();
  const footnoteDefinitions = new Map<string, NodeOf<'footnoteDefinition'>>();
  for (const block of blocks) {
    if (block.kind === 'fence' || !hasDefinitions(block.text)) continue;
    for (const node of walk(parseBlock(block, syntaxForBlock(block, math)).nodes)) {
      const { type } = node;
      if (type === 'definition' && isUrl(node.url) && !linkDefinitions.has(node.identifier)) {
        linkDefinitions.set(node.identifier, node);
      } else if (type === 'footnoteDefinition' && !footnoteDefinitions.has(node.identifier)) {
        footnoteDefinitions.set(node.identifier, node);
      }
    }
  }
  if (linkDefinitions.size + footnoteDefinitions.size === 0) return NO_REFERENCES;
  const syntax = createDefinitionsSyntax(
    [...linkDefinitions.keys()],
    [...footnoteDefinitions.keys()],
  );
  const nodesByBlock = new Map<Block, Node[]>();
  for (const block of blocks) {
    if (block.kind !== 'fence')
      nodesByBlock.set(block, parseBlock(block, syntaxForBlock(block, math, syntax)).nodes);
  }
  return {
    syntax,
    linkDefinitions,
    nodesByBlock,
    textStreaming: false,
    ...numberFootnotes([...nodesByBlock.values()].flat(), linkDefinitions),
  };
}

/** A whole text, for what is made of it beside the page. */
export function parseWholeText(text: string, math: Syntax): Node[] {
  const blocks = splitBlocks(text);
  const { nodesByBlock } = collectReferences(blocks, math);
  return blocks.flatMap((block): readonly Node[] => {
    if (block.kind !== 'fence')
      return nodesByBlock.get(block) ?? parseBlock(block, syntaxForBlock(block, math)).nodes;
    const { language, code } = parseFence(block.text);
    return [{ type: 'code', lang: language || null, meta: null, value: code }];
  });
}

/** How a block is read. */
export function syntaxForBlock(
  block: Block,
  math: Syntax | undefined,
  definitionsSyntax?: Syntax,
): Syntax {
  const needsMath = math !== undefined && hasMath(normalizeMath(block.text));
  return combineSyntax(needsMath ? math : undefined, definitionsSyntax);
}

function numberFootnotes(nodes: readonly Node[], linkDefinitions: ReadonlyMap<string, Definition>) {
  const definitions = new Map<string, NodeOf<'footnoteDefinition'>>();
  for (const node of walk(nodes)) {
    if (node.type === 'footnoteDefinition' && !definitions.has(node.identifier))
      definitions.set(node.identifier, node);
  }
  const footnotes = new Map<string, Footnote>();
  const referenceNumbers = new Map<Node, number>();
  const usedLinkIdentifiers = new Set<string>();
  const visit = (node: Node) => {
    if (node.type === 'linkReference' || node.type === 'imageReference') {
      const isLink = linkDefinitions.has(node.identifier) && citationLabels(node).length === 0;
      if (isLink) usedLinkIdentifiers.add(node.identifier);
    }
    const definition =
      node.type === 'footnoteReference' ? definitions.get(node.identifier) : undefined;
    if (!definition || node.type !== 'footnoteReference') return;
    const footnote = footnotes.get(node.identifier) ?? {
      number: footnotes.size + 1,
      node: definition,
      referenceCount: 0,
    };
    footnotes.set(node.identifier, footnote);
    referenceNumbers.set(node, ++footnote.referenceCount);
  };
  // Notes are numbered as they are read: those in the text first, then those in notes.
  const visited = new Set<Node>();
  for (const node of walk(nodes, 'footnoteDefinition')) visit(node);
  for (let hasMore = true; hasMore; ) {
    hasMore = false;
    for (const { node } of [...footnotes.values()]) {
      if (visited.has(node)) continue;
      visited.add(node);
      hasMore = true;
      for (const inner of walk(node.children)) visit(inner);
    }
  }
  return { notes: footnotes, marks: referenceNumbers, used: usedLinkIdentifiers };
}

const CITATION_NUMBER = /^\d{1,4}$/;

/**
 * The labels of sources in a reference that is nothing else: `[1]`, `[1][2]`. By the standard the
 * last would be a link to the second source with the words "1".
 */
export function citationLabels(node: NodeOf<'linkReference'> | NodeOf<'imageReference'>): string[] {
  if (node.type === 'imageReference' || !CITATION_NUMBER.test(node.identifier)) return [];
  if (node.referenceType === 'shortcut') return [node.identifier];
  const [firstChild, ...others] = node.children;
  const isSource =
    others.length === 0 && firstChild?.type === 'text' && CITATION_NUMBER.test(firstChild.value);
  return isSource && node.referenceType === 'full' ? [firstChild.value, node.identifier] : [];
}

/** All nodes in their order. */
function* walk(nodes: readonly Node[], excludedType?: Node['type']): Generator<Node> {
  const pending: Node[] = [...nodes].reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === excludedType) continue;
    yield node;
    if ('children' in node) pending.push(...([...node.children].reverse() as Node[]));
  }
}

/** Whether a mark of this name is a note's number, also before its note has come. */
export function isFootnoteNumber(identifier: string): boolean {
  return /^\d{1,3}$/.test(identifier);
}

/** While a text arrives, its notes are yet to come: each number is taken for the mark of one. */
export const PENDING_FOOTNOTES_SYNTAX = createParserSyntax((parser) => {
  const notes = Object.assign([], { includes: isFootnoteNumber });
  parser.gfmFootnotes = notes;
});

function createDefinitionsSyntax(links: readonly string[], notes: readonly string[]): Syntax {
  const keys = (identifiers: readonly string[]) => identifiers.map((id) => id.toUpperCase());
  const known = { links: keys(links), notes: keys(notes) };
  return createParserSyntax((parser) => {
    parser.defined.push(...known.links);
    parser.gfmFootnotes ??= [];
    parser.gfmFootnotes.push(...known.notes);
  });
}

type ParserState = { defined: string[]; gfmFootnotes?: string[]; isConfigured?: boolean };

/** The parser asks at a bracket what is defined; it knows only what is in the text that it has. */
function createParserSyntax(configure: (parser: ParserState) => void): Syntax {
  const construct: Construct = {
    tokenize(_effects, _ok, nok) {
      const parser = this.parser as unknown as ParserState;
      if (!parser.isConfigured) {
        parser.isConfigured = true;
        configure(parser);
      }
      return nok;
    },
  };
  return {
    extensions: [{ text: { 91: construct, 93: construct, 33: construct } }],
    mdastExtensions: [],
  };
}
