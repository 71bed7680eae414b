/** A block of the page's Markdown as nodes to draw. */
import type { Block } from '@/lib/client/markdown/blocks';
import { normaliseMath } from '@/lib/client/markdown/features';
import { openNodes, openText } from '@/lib/client/markdown/open-end';
import { PAGE_SYNTAX, prepare } from '@/lib/client/markdown/page-syntax';
import type { Syntax } from '@/lib/client/markdown/parse';
import { cutPieces, type Piece } from '@/lib/client/markdown/pieces';
import { joinPieces, type Node, type Parsed, parsePiece } from '@/lib/client/markdown/tree';

export type ReadBlock = { nodes: Node[]; parsed: Parsed[] };

/**
 * @param growing whether more of the block may come
 * @param before what this gave for less of the same block: what has not changed is taken from it
 */
export function readBlock(
  block: Block,
  syntax: Syntax,
  growing = false,
  before?: ReadBlock,
): ReadBlock {
  const pieces = cutPieces(block);
  const parsed = pieces.map((piece, index): Parsed => {
    const open = growing && index === pieces.length - 1;
    const known = before?.parsed[index];
    if (!open && known && isSame(known.piece, piece)) return known;
    return open
      ? { piece: { ...piece, text: '' }, nodes: readOpen(piece, syntax) }
      : read(piece, syntax);
  });
  return { nodes: joinPieces(parsed), parsed };
}

function read(piece: Piece, syntax: Syntax, growing = false): Parsed {
  return {
    piece,
    nodes: parsePiece({ ...piece, text: prepare(normaliseMath(piece.text), growing) }, syntax),
  };
}

/** The last piece of a text that is still arriving. */
function readOpen(piece: Piece, syntax: Syntax): Node[] {
  return openNodes(read({ ...piece, text: openText(piece.text) }, syntax, true).nodes);
}

function isSame(a: Piece, b: Piece): boolean {
  return (
    a.text === b.text &&
    a.lead === b.lead &&
    a.dedent === b.dedent &&
    a.depth === b.depth &&
    a.join === b.join
  );
}

/** The page's syntax with more to it; the same object for the same things. */
const combined = new WeakMap<Syntax, WeakMap<Syntax, Syntax>>();

export function pageSyntax(...more: ReadonlyArray<Syntax | undefined>): Syntax {
  return more.reduce<Syntax>((all, one) => (one ? combine(all, one) : all), PAGE_SYNTAX);
}

function combine(a: Syntax, b: Syntax): Syntax {
  const known = combined.get(a) ?? new WeakMap<Syntax, Syntax>();
  combined.set(a, known);
  const syntax = known.get(b) ?? {
    extensions: [...a.extensions, ...b.extensions],
    mdastExtensions: [...a.mdastExtensions, ...b.mdastExtensions],
  };
  known.set(b, syntax);
  return syntax;
}
