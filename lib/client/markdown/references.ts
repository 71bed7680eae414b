/** Links and notes that are defined elsewhere in the same text. */
import type { Construct } from 'micromark-util-types';
import { type Block, parseFence, splitBlocks } from '@/lib/client/markdown/blocks';
import { hasDefinitions, hasMath, normaliseMath } from '@/lib/client/markdown/features';
import type { Syntax } from '@/lib/client/markdown/parse';
import { pageSyntax, readBlock } from '@/lib/client/markdown/read-block';
import type { Node } from '@/lib/client/markdown/tree';

type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;
export type Definition = NodeOf<'definition'>;
export type Note = {
  number: number;
  node: NodeOf<'footnoteDefinition'>;
  /** How often it is referred to. */
  marks: number;
};

export type References = {
  /** Lets the parser know what is defined in other blocks. */
  syntax: Syntax | undefined;
  /** By their identifiers. */
  links: ReadonlyMap<string, Definition>;
  notes: ReadonlyMap<string, Note>;
  /** Which mark of its note a mark is, from 1. */
  marks: ReadonlyMap<Node, number>;
  /** Identifiers of links that words stand for: their definitions need not be shown. */
  used: ReadonlySet<string>;
  /** What each block has been read as. */
  read: ReadonlyMap<Block, readonly Node[]>;
  /** While a text arrives, what is defined at its end is not known. */
  live: boolean;
};

export const NO_REFERENCES: References = {
  syntax: undefined,
  links: new Map(),
  notes: new Map(),
  marks: new Map(),
  used: new Set(),
  read: new Map(),
  live: false,
};

const ADDRESS =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|mailto:|www\.|\.{0,2}\/|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\/)/i;

/** Whether a definition is one of a link, and not a text such as `[Note]: important`. */
export function isAddress(url: string): boolean {
  return ADDRESS.test(url);
}

/** @param math the syntax of maths, once it is there */
export function readReferences(blocks: readonly Block[], math: Syntax | undefined): References {
  const links = new Map<string, Definition>();
  const noteNodes = new Map<string, NodeOf<'footnoteDefinition'>>();
  for (const block of blocks) {
    if (block.kind === 'fence' || !hasDefinitions(block.text)) continue;
    for (const node of walk(readBlock(block, syntaxOf(block, math)).nodes)) {
      const { type } = node;
      if (type === 'definition' && isAddress(node.url) && !links.has(node.identifier)) {
        links.set(node.identifier, node);
      } else if (type === 'footnoteDefinition' && !noteNodes.has(node.identifier)) {
        noteNodes.set(node.identifier, node);
      }
    }
  }
  if (links.size + noteNodes.size === 0) return NO_REFERENCES;
  const syntax = definedSyntax([...links.keys()], [...noteNodes.keys()]);
  const read = new Map<Block, Node[]>();
  for (const block of blocks) {
    if (block.kind !== 'fence')
      read.set(block, readBlock(block, syntaxOf(block, math, syntax)).nodes);
  }
  return { syntax, links, read, live: false, ...numbered([...read.values()].flat(), links) };
}

/** A whole text, for what is made of it beside the page. */
export function readText(text: string, math: Syntax): Node[] {
  const blocks = splitBlocks(text);
  const { read } = readReferences(blocks, math);
  return blocks.flatMap((block): readonly Node[] => {
    if (block.kind !== 'fence')
      return read.get(block) ?? readBlock(block, syntaxOf(block, math)).nodes;
    const { language, code } = parseFence(block.text);
    return [{ type: 'code', lang: language || null, meta: null, value: code }];
  });
}

/** How a block is read. */
export function syntaxOf(block: Block, math: Syntax | undefined, defined?: Syntax): Syntax {
  const needsMath = math !== undefined && hasMath(normaliseMath(block.text));
  return pageSyntax(needsMath ? math : undefined, defined);
}

function numbered(nodes: readonly Node[], links: ReadonlyMap<string, Definition>) {
  const all = new Map<string, NodeOf<'footnoteDefinition'>>();
  for (const node of walk(nodes)) {
    if (node.type === 'footnoteDefinition' && !all.has(node.identifier))
      all.set(node.identifier, node);
  }
  const notes = new Map<string, Note>();
  const marks = new Map<Node, number>();
  const used = new Set<string>();
  const take = (node: Node) => {
    if (node.type === 'linkReference' || node.type === 'imageReference') {
      const isLink = links.has(node.identifier) && citationsOf(node).length === 0;
      if (isLink) used.add(node.identifier);
    }
    const definition = node.type === 'footnoteReference' ? all.get(node.identifier) : undefined;
    if (!definition || node.type !== 'footnoteReference') return;
    const note = notes.get(node.identifier) ?? {
      number: notes.size + 1,
      node: definition,
      marks: 0,
    };
    notes.set(node.identifier, note);
    marks.set(node, ++note.marks);
  };
  // Notes are numbered as they are read: those in the text first, then those in notes.
  const seen = new Set<Node>();
  for (const node of walk(nodes, 'footnoteDefinition')) take(node);
  for (let more = true; more; ) {
    more = false;
    for (const { node } of [...notes.values()]) {
      if (seen.has(node)) continue;
      seen.add(node);
      more = true;
      for (const inner of walk(node.children)) take(inner);
    }
  }
  return { notes, marks, used };
}

const NUMBER = /^\d{1,4}$/;

/**
 * The labels of sources in a reference that is nothing else: `[1]`, `[1][2]`. By the standard the
 * last would be a link to the second source with the words "1".
 */
export function citationsOf(node: NodeOf<'linkReference'> | NodeOf<'imageReference'>): string[] {
  if (node.type === 'imageReference' || !NUMBER.test(node.identifier)) return [];
  if (node.referenceType === 'shortcut') return [node.identifier];
  const [words, ...others] = node.children;
  const isSource = others.length === 0 && words?.type === 'text' && NUMBER.test(words.value);
  return isSource && node.referenceType === 'full' ? [words.value, node.identifier] : [];
}

/** All nodes in their order. */
function* walk(nodes: readonly Node[], without?: Node['type']): Generator<Node> {
  const left: Node[] = [...nodes].reverse();
  for (let node = left.pop(); node; node = left.pop()) {
    if (node.type === without) continue;
    yield node;
    if ('children' in node) left.push(...([...node.children].reverse() as Node[]));
  }
}

/** Whether a mark of this name is a note's number, also before its note has come. */
export function isNoteNumber(identifier: string): boolean {
  return /^\d{1,3}$/.test(identifier);
}

/** While a text arrives, its notes are yet to come: each number is taken for the mark of one. */
export const NOTES_TO_COME = toldSyntax((parser) => {
  const notes = Object.assign([], { includes: isNoteNumber });
  parser.gfmFootnotes = notes;
});

function definedSyntax(links: readonly string[], notes: readonly string[]): Syntax {
  const keys = (identifiers: readonly string[]) => identifiers.map((id) => id.toUpperCase());
  const known = { links: keys(links), notes: keys(notes) };
  return toldSyntax((parser) => {
    parser.defined.push(...known.links);
    parser.gfmFootnotes ??= [];
    parser.gfmFootnotes.push(...known.notes);
  });
}

type Parser = { defined: string[]; gfmFootnotes?: string[]; told?: boolean };

/** The parser asks at a bracket what is defined; it knows only what is in the text that it has. */
function toldSyntax(tell: (parser: Parser) => void): Syntax {
  const construct: Construct = {
    tokenize(_effects, _ok, nok) {
      const parser = this.parser as unknown as Parser;
      if (!parser.told) {
        parser.told = true;
        tell(parser);
      }
      return nok;
    },
  };
  return {
    extensions: [{ text: { 91: construct, 93: construct, 33: construct } }],
    mdastExtensions: [],
  };
}
