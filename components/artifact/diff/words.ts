import { diffArrays } from 'diff';

/** A part of a line: what both versions have, or only one of them. */
export type Piece = { text: string; change: 'same' | 'removed' | 'added' };

/** In longer lines only the part between their common ends is compared; a longer part as a whole. */
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
  if (before.length + after.length > MAX_CHARS) {
    const start = commonStart(before, after);
    const end = commonEnd(before.slice(start), after.slice(start));
    if (start + end > 0) {
      const middle = diffWords(
        before.slice(start, before.length - end),
        after.slice(start, after.length - end),
      );
      const ends = [before.slice(0, start), before.slice(before.length - end)];
      const [head, tail] = ends.map((text): Piece[] => (text ? [{ text, change: 'same' }] : []));
      return [...(head ?? []), ...middle, ...(tail ?? [])];
    }
  }
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

/** Longer words count as words no more. */
const WORD_CHARS = 100;

/** How many characters both begin with, to the end of a word. */
function commonStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  const word = /\S*$/.exec(one.slice(Math.max(0, at - WORD_CHARS), at))?.[0].length ?? 0;
  return word < WORD_CHARS ? at - word : betweenCharacters(one, at);
}

/** How many characters both end with, from the beginning of a word. */
function commonEnd(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let from = one.length;
  let to = other.length;
  while (one.length - from < most && one.charCodeAt(from - 1) === other.charCodeAt(to - 1)) {
    from--;
    to--;
  }
  const word = /^\S*/.exec(one.slice(from, from + WORD_CHARS))?.[0].length ?? 0;
  if (word < WORD_CHARS) return one.length - from - word;
  return one.length - from - (betweenCharacters(one, from) === from ? 0 : 1);
}

/** The place itself, or the one before it where it lies within a surrogate pair. */
function betweenCharacters(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Longer pieces of a line would take seconds to lay out, and nobody reads them. */
const MAX_SHOWN = 20_000;
const END_CHARS = 1_000;

/** The ends of a piece that is too long to be shown, and how much is between them; otherwise null. */
export function endsOf(text: string): { start: string; hidden: number; end: string } | null {
  if (text.length <= MAX_SHOWN) return null;
  const from = betweenCharacters(text, END_CHARS);
  const to = betweenCharacters(text, text.length - END_CHARS);
  return { start: text.slice(0, from), hidden: to - from, end: text.slice(to) };
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
