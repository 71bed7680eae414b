/** A document in Markdown as it comes, without a fence around all of it. */
import {
  closes,
  type Fence,
  fenceOf,
  isBlank,
  LineCutter,
  mayBecomeFence,
} from '@/lib/tools/fences';
import { type Piece, RESTART } from '@/lib/tools/pieces';

/** What a fence around a whole document says of its content. */
const WRAPPERS = new Set(['', 'markdown', 'md', 'mdx', 'text', 'txt', 'plaintext', 'plain']);

/** A line that is longer is no fence, and more white space than this is a part of the document. */
const MAX_UNDECIDED_CHARS = 1_000;

/** Whether more of the line could make a fence of it. */
function mayBecomeWrapper(line: string): boolean {
  if (line.length > MAX_UNDECIDED_CHARS) return false;
  return isBlank(line) || mayBecomeFence(line);
}

/**
 * A fence that is around all of it is taken away from the beginning on. Where the document goes on
 * behind it, it was a block of code: the document begins anew, with it.
 */
export async function* documentOnly(pieces: AsyncIterable<string>): AsyncGenerator<Piece> {
  const cutter = new LineCutter();
  let state: 'start' | 'plain' | 'fenced' | 'closed' = 'start';
  let opening: Fence | null = null;
  let depth = 0;
  /** All that has come while it is not known what the fence is. */
  let seen = '';

  function read(line: string): Piece[] {
    if (state === 'plain') return [line];
    seen += line;
    const fence = fenceOf(line);
    if (state === 'start') {
      if (isBlank(line)) return [];
      opening = fence && WRAPPERS.has(fence.info) ? fence : null;
      state = opening ? 'fenced' : 'plain';
      return opening ? [] : [seen];
    }
    if (state === 'closed') {
      if (isBlank(line)) return [];
      state = 'plain';
      return [RESTART, seen];
    }
    if (fence && fence.info !== '') depth++;
    else if (fence && depth > 0) depth--;
    else if (fence && opening && closes(fence, opening)) {
      state = 'closed';
      return [];
    }
    return [line];
  }

  for await (const piece of pieces) {
    for (const line of cutter.add(piece)) yield* read(line);
    const { rest } = cutter;
    if (rest === '') continue;
    if (state === 'plain') yield cutter.take();
    else if (state === 'start' && !mayBecomeWrapper(rest)) {
      state = 'plain';
      yield seen + cutter.take();
    }
  }
  const last = cutter.take();
  if (last !== '') yield* read(last);
  // Nothing but white space was said.
  if (state === ('start' as typeof state) && seen !== '') yield seen;
}
