/** Links and footnotes that are defined elsewhere in the same text. */
import type { Construct } from 'micromark-util-types';
import { type Block, parseFence, splitBlocks } from '@/lib/client/markdown/blocks';
import { hasDefinitions, hasMath, normalizeMath } from '@/lib/client/markdown/find-math';
import type { Node } from '@/lib/client/markdown/join-segments';
import type { Syntax } from '@/lib/client/markdown/parse';
import { extendPageSyntax, parseBlock } from '@/lib/client/markdown/parse-block';

type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;
export type Definition = NodeOf<'definition'>;
export type Footnote = {
  number: number;
  node: NodeOf<'footnoteDefinition'>;
  /** Number of references to it. */
  referenceCount: number;
};

export type References = {
  /** Tells the parser what other blocks define. */
  syntax: Syntax | undefined;
  /** Link definitions by identifier. */
  linkDefinitions: ReadonlyMap<string, Definition>;
  footnotes: ReadonlyMap<string, Footnote>;
  /** Number of each footnote reference among those to the same footnote, from 1. */
  footnoteReferenceNumbers: ReadonlyMap<Node, number>;
  /**
   * Identifiers of definitions used by links other than citations: these definitions are not
   * displayed.
   */
  usedLinkIdentifiers: ReadonlySet<string>;
  /** Parsed nodes of each block. */
  nodesByBlock: ReadonlyMap<Block, readonly Node[]>;
  /** Whether the text is streaming: definitions at its end are unknown then. */
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

/** Whether the destination of a definition is a URL, and not prose as in `[Note]: important`. */
export function isUrl(url: string): boolean {
  return URL_PATTERN.test(url);
}

/**
 * Collects the definitions of all blocks and numbers the footnotes.
 * @param math the math syntax, once loaded
 */
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

/** Parses a whole text, for uses other than the page. */
export function parseWholeText(
  text: string,
  math: Syntax,
): { nodes: Node[]; references: References } {
  const blocks = splitBlocks(text);
  const references = collectReferences(blocks, math);
  const nodes = blocks.flatMap((block): readonly Node[] => {
    if (block.kind !== 'fence')
      return (
        references.nodesByBlock.get(block) ?? parseBlock(block, syntaxForBlock(block, math)).nodes
      );
    const { language, code } = parseFence(block.text);
    return [{ type: 'code', lang: language || null, meta: null, value: code }];
  });
  return { nodes, references };
}

/** Returns the syntax to parse a block with. */
export function syntaxForBlock(
  block: Block,
  math: Syntax | undefined,
  definitionsSyntax?: Syntax,
): Syntax {
  const needsMath = math !== undefined && hasMath(normalizeMath(block.text));
  return extendPageSyntax(needsMath ? math : undefined, definitionsSyntax);
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
  // Footnotes are numbered in reading order: those referenced in the text first, then those
  // referenced in footnotes.
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
  return { footnotes, footnoteReferenceNumbers: referenceNumbers, usedLinkIdentifiers };
}

const CITATION_NUMBER = /^\d{1,4}$/;

/**
 * Returns the labels of numeric citations if the reference consists only of them: `[1]`, `[1][2]`.
 * CommonMark reads the latter as a link to source 2 with the text "1".
 */
export function citationLabels(node: NodeOf<'linkReference'> | NodeOf<'imageReference'>): string[] {
  if (node.type === 'imageReference' || !CITATION_NUMBER.test(node.identifier)) return [];
  if (node.referenceType === 'shortcut') return [node.identifier];
  const [firstChild, ...others] = node.children;
  const isSource =
    others.length === 0 && firstChild?.type === 'text' && CITATION_NUMBER.test(firstChild.value);
  return isSource && node.referenceType === 'full' ? [firstChild.value, node.identifier] : [];
}

/** The part of a reference's source after its text. */
export function referenceSuffix(node: NodeOf<'linkReference'> | NodeOf<'imageReference'>): string {
  if (node.referenceType === 'shortcut') return '';
  return node.referenceType === 'full' ? `[${node.label ?? node.identifier}]` : '[]';
}

/**
 * Whether a definition is displayed as text: `[Note]: important`, or a definition that no link
 * uses, as in a list of URLs.
 */
export function isDefinitionVisible(
  node: Definition,
  streaming: boolean,
  { linkDefinitions, usedLinkIdentifiers, textStreaming }: References,
): boolean {
  if (textStreaming) return !streaming && !isUrl(node.url);
  return !(linkDefinitions.has(node.identifier) && usedLinkIdentifiers.has(node.identifier));
}

/** Yields all nodes in document order. */
function* walk(nodes: readonly Node[], excludedType?: Node['type']): Generator<Node> {
  const pending: Node[] = [...nodes].reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === excludedType) continue;
    yield node;
    if ('children' in node) pending.push(...([...node.children].reverse() as Node[]));
  }
}

/** Whether an identifier is a footnote number; usable before its definition has arrived. */
export function isFootnoteNumber(identifier: string): boolean {
  return /^\d{1,3}$/.test(identifier);
}

/**
 * While a text is streaming, its footnotes have not arrived: each number counts as a footnote
 * reference.
 */
export const PENDING_FOOTNOTES_SYNTAX = createParserSyntax((parser) => {
  const footnoteLabels = Object.assign([], { includes: isFootnoteNumber });
  parser.gfmFootnotes = footnoteLabels;
});

function createDefinitionsSyntax(links: readonly string[], footnotes: readonly string[]): Syntax {
  const keys = (identifiers: readonly string[]) => identifiers.map((id) => id.toUpperCase());
  const known = { links: keys(links), footnotes: keys(footnotes) };
  return createParserSyntax((parser) => {
    parser.defined.push(...known.links);
    parser.gfmFootnotes ??= [];
    parser.gfmFootnotes.push(...known.footnotes);
  });
}

type ParserState = { defined: string[]; gfmFootnotes?: string[]; isConfigured?: boolean };

/**
 * Creates a syntax that configures the parser's known definitions at the first bracket: the parser
 * itself only knows the text it was given.
 */
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
