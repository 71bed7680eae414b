/** Parses a block of the page's Markdown into nodes to render. */

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
 * Parses a block.
 * @param streaming whether more of the block may follow
 * @param previous the result for a shorter prefix of the same block: unchanged segments are reused
 */
export function parseBlock(
  block: Block,
  syntax: Syntax,
  streaming = false,
  previous?: ParsedBlock,
): ParsedBlock {
  const segments = splitSegments(block);
  const parsedSegments = segments.map((segment, index): ParsedSegment => {
    const open = streaming && index === segments.length - 1;
    const previousSegment = previous?.segments[index];
    if (!open && previousSegment && isSameSegment(previousSegment.segment, segment))
      return previousSegment;
    // Without its text, no later call takes the nodes of an incomplete segment for complete ones.
    return open
      ? { segment: { ...segment, text: '' }, nodes: parseIncompleteSegment(segment, syntax) }
      : parseBlockSegment(segment, syntax);
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

/** Parses the last segment of a streaming text. */
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

/** Cache of combined syntaxes: the same inputs return the same object. */
const combinedSyntaxes = new WeakMap<Syntax, WeakMap<Syntax, Syntax>>();

/** Returns the page's syntax with these added; the same arguments return the same object. */
export function extendPageSyntax(...extraSyntaxes: ReadonlyArray<Syntax | undefined>): Syntax {
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
