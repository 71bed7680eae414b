/** A block of the page's Markdown as nodes to draw. */

import { type BlockSegment, splitSegments } from '@/lib/client/markdown/block-segments';
import type { Block } from '@/lib/client/markdown/blocks';
import { normalizeMath } from '@/lib/client/markdown/find-math';
import {
  closeIncompleteNodes,
  trimIncompleteText,
} from '@/lib/client/markdown/incomplete-markdown';
import {
  joinSegments,
  type Node,
  type ParsedSegment,
  parseSegment,
} from '@/lib/client/markdown/join-segments';
import { PAGE_SYNTAX, preprocess } from '@/lib/client/markdown/page-syntax';
import type { Syntax } from '@/lib/client/markdown/parse';

export type ParsedBlock = { nodes: Node[]; segments: ParsedSegment[] };

/**
 * @param streaming whether more of the block may come
 * @param previous what this gave for less of the same block: what has not changed is taken from it
 */
export function parseBlock(
  block: Block,
  syntax: Syntax,
  streaming = false,
  previous?: ParsedBlock,
): ParsedBlock {
  const segments = splitSegments(block);
  const parsedSegments = segments.map((piece, index): ParsedSegment => {
    const open = streaming && index === segments.length - 1;
    const previousSegment = previous?.segments[index];
    if (!open && previousSegment && isSameSegment(previousSegment.segment, piece))
      return previousSegment;
    return open
      ? { segment: { ...piece, text: '' }, nodes: parseIncompleteSegment(piece, syntax) }
      : parseBlockSegment(piece, syntax);
  });
  return { nodes: joinSegments(parsedSegments), segments: parsedSegments };
}

function parseBlockSegment(
  segment: BlockSegment,
  syntax: Syntax,
  streaming = false,
): ParsedSegment {
  return {
    segment,
    nodes: parseSegment(
      { ...segment, text: preprocess(normalizeMath(segment.text), streaming) },
      syntax,
    ),
  };
}

/** The last piece of a text that is still arriving. */
function parseIncompleteSegment(segment: BlockSegment, syntax: Syntax): Node[] {
  return closeIncompleteNodes(
    parseBlockSegment({ ...segment, text: trimIncompleteText(segment.text) }, syntax, true).nodes,
  );
}

function isSameSegment(a: BlockSegment, b: BlockSegment): boolean {
  return (
    a.text === b.text &&
    a.prefix === b.prefix &&
    a.dedent === b.dedent &&
    a.depth === b.depth &&
    a.continues === b.continues
  );
}

/** The page's syntax with more to it; the same object for the same things. */
const combinedSyntaxes = new WeakMap<Syntax, WeakMap<Syntax, Syntax>>();

export function combineSyntax(...extraSyntaxes: ReadonlyArray<Syntax | undefined>): Syntax {
  return extraSyntaxes.reduce<Syntax>(
    (combinedSyntax, extra) => (extra ? combinePair(combinedSyntax, extra) : combinedSyntax),
    PAGE_SYNTAX,
  );
}

function combinePair(a: Syntax, b: Syntax): Syntax {
  const known = combinedSyntaxes.get(a) ?? new WeakMap<Syntax, Syntax>();
  combinedSyntaxes.set(a, known);
  const syntax = known.get(b) ?? {
    extensions: [...a.extensions, ...b.extensions],
    mdastExtensions: [...a.mdastExtensions, ...b.mdastExtensions],
  };
  known.set(b, syntax);
  return syntax;
}
