import { diffArrays } from 'diff';

/** A part of a line: what both versions have, or only one of them. */
export type Piece = { text: string; change: 'same' | 'removed' | 'added' };

/** Longer lines are shown whole, the old one and the new one. */
const MAX_CHARS = 20_000;
const MAX_EDITS = 2_000;
const WORDS_MS = 50;
/** Enough of a line to tell whether it was made from another one. */
const COMPARED_CHARS = 400;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

function wordsOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** How alike two lines are by their words, from 0 to 1. */
export function similarity(one: string, other: string): number {
  const left = countsOf(one);
  const right = countsOf(other);
  let common = 0;
  for (const [word, count] of left.counts) common += Math.min(count, right.counts.get(word) ?? 0);
  const total = left.total + right.total;
  return total === 0 ? 1 : (2 * common) / total;
}

type Counts = { counts: Map<string, number>; total: number };
let known = new Map<string, Counts>();

function countsOf(line: string): Counts {
  const found = known.get(line);
  if (found) return found;
  const counts = new Map<string, number>();
  let total = 0;
  for (const word of wordsOf(line.slice(0, COMPARED_CHARS))) {
    if (!word.trim()) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total++;
  }
  if (known.size > 10_000) known = new Map();
  known.set(line, { counts, total });
  return { counts, total };
}

/** What changed within a line, by words of any script; the whole of it where that is too much. */
export function diffWords(before: string, after: string): Piece[] {
  const whole: Piece[] = [
    { text: before, change: 'removed' as const },
    { text: after, change: 'added' as const },
  ].filter(({ text }) => text);
  if (before.length + after.length > MAX_CHARS) return whole;
  const changes = diffArrays(wordsOf(before), wordsOf(after), {
    maxEditLength: MAX_EDITS,
    timeout: WORDS_MS,
  });
  if (!changes) return whole;
  const pieces = changes.map(({ value, added, removed }): Piece => {
    const text = value.join('');
    return { text, change: added ? 'added' : removed ? 'removed' : 'same' };
  });
  return joinAcrossSpaces(pieces);
}

/** "the old"/"a new" reads better than "the"/"a", a space, "old"/"new". */
function joinAcrossSpaces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    if (removed) joined.push({ text: removed, change: 'removed' });
    if (added) joined.push({ text: added, change: 'added' });
    removed = '';
    added = '';
  };
  pieces.forEach(({ text, change }, index) => {
    const between = removed && added && pieces[index + 1];
    if (change === 'removed') removed += text;
    else if (change === 'added') added += text;
    else if (between && !text.trim()) {
      removed += text;
      added += text;
    } else {
      flush();
      joined.push({ text, change });
    }
  });
  flush();
  return joined;
}
