import { diffArrays } from 'diff';
import { BoundedMap } from '@/lib/client/browser/bounded-map';
import { codePointBoundary } from '@/lib/shared/surrogates';

/** A part of a line: in both versions, or in only one. */
export type DiffPart = { text: string; change: 'same' | 'removed' | 'added' };

/**
 * Limit of both versions of a line together. Longer ones are compared only between their common
 * prefix and suffix; if that part is still longer, it counts as replaced.
 */
const MAX_COMBINED_CHARS = 20_000;
const MAX_EDITS = 2_000;
const DIFF_TIMEOUT_MS = 50;
/** Only this many leading characters of a line are compared for its similarity. */
const MAX_SIMILARITY_CHARS = 400;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

function splitWords(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Returns the similarity of two lines by their words, from 0 to 1. */
export function similarity(a: string, b: string): number {
  const countsA = countWords(a);
  const countsB = countWords(b);
  let common = 0;
  for (const [word, count] of countsA.counts)
    common += Math.min(count, countsB.counts.get(word) ?? 0);
  const total = countsA.total + countsB.total;
  return total === 0 ? 1 : (2 * common) / total;
}

type WordCounts = { counts: Map<string, number>; total: number };
const wordCountCache = new BoundedMap<string, WordCounts>(10_000);

function countWords(line: string): WordCounts {
  const found = wordCountCache.get(line);
  if (found) return found;
  const counts = new Map<string, number>();
  let total = 0;
  for (const word of splitWords(line.slice(0, MAX_SIMILARITY_CHARS))) {
    if (!word.trim()) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total++;
  }
  wordCountCache.set(line, { counts, total });
  return { counts, total };
}

/**
 * Diffs a line by words, in any script. If the diff exceeds the limits, the line counts as
 * replaced; above `MAX_COMBINED_CHARS`, only the part between the common prefix and suffix.
 */
export function diffWords(before: string, after: string): DiffPart[] {
  if (before.length + after.length > MAX_COMBINED_CHARS) {
    const start = commonPrefixLength(before, after);
    const end = commonSuffixLength(before.slice(start), after.slice(start));
    if (start + end > 0) {
      const middle = diffWords(
        before.slice(start, before.length - end),
        after.slice(start, after.length - end),
      );
      const ends = [before.slice(0, start), before.slice(before.length - end)];
      const [head, tail] = ends.map((text): DiffPart[] => (text ? [{ text, change: 'same' }] : []));
      return [...(head ?? []), ...middle, ...(tail ?? [])];
    }
  }
  const replacement: DiffPart[] = [
    { text: before, change: 'removed' as const },
    { text: after, change: 'added' as const },
  ].filter(({ text }) => text);
  if (before.length + after.length > MAX_COMBINED_CHARS) return replacement;
  const changes = diffArrays(splitWords(before), splitWords(after), {
    maxEditLength: MAX_EDITS,
    timeout: DIFF_TIMEOUT_MS,
  });
  if (!changes) return replacement;
  const parts = changes.map(({ value, added, removed }): DiffPart => {
    const text = value.join('');
    return { text, change: added ? 'added' : removed ? 'removed' : 'same' };
  });
  return mergeAcrossSpaces(parts);
}

/** Longer runs without whitespace are not treated as words. */
const MAX_WORD_CHARS = 100;

/** Length of the common prefix, up to a word boundary. */
function commonPrefixLength(a: string, b: string): number {
  const maxLength = Math.min(a.length, b.length);
  let length = 0;
  while (length < maxLength && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  const word = /\S*$/.exec(a.slice(Math.max(0, length - MAX_WORD_CHARS), length))?.[0].length ?? 0;
  return word < MAX_WORD_CHARS ? length - word : codePointBoundary(a, length);
}

/** Length of the common suffix, from a word boundary. */
function commonSuffixLength(a: string, b: string): number {
  const maxLength = Math.min(a.length, b.length);
  let from = a.length;
  let to = b.length;
  while (a.length - from < maxLength && a.charCodeAt(from - 1) === b.charCodeAt(to - 1)) {
    from--;
    to--;
  }
  const word = /^\S*/.exec(a.slice(from, from + MAX_WORD_CHARS))?.[0].length ?? 0;
  if (word < MAX_WORD_CHARS) return a.length - from - word;
  return a.length - from - (codePointBoundary(a, from) === from ? 0 : 1);
}

/** Longer parts of a line would take seconds to lay out. */
const MAX_UNTRUNCATED_CHARS = 20_000;
const TRUNCATED_END_CHARS = 1_000;

/**
 * Returns the start, the end and the number of hidden characters of a part that is too long to
 * display, or null if it fits.
 */
export function truncateMiddle(
  text: string,
): { start: string; hidden: number; end: string } | null {
  if (text.length <= MAX_UNTRUNCATED_CHARS) return null;
  const from = codePointBoundary(text, TRUNCATED_END_CHARS);
  const to = codePointBoundary(text, text.length - TRUNCATED_END_CHARS);
  return { start: text.slice(0, from), hidden: to - from, end: text.slice(to) };
}

/**
 * Merges changes that are separated only by whitespace: "the old"/"a new" is easier to read than
 * "the"/"a", a space, "old"/"new".
 */
function mergeAcrossSpaces(parts: readonly DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    if (removed) joined.push({ text: removed, change: 'removed' });
    if (added) joined.push({ text: added, change: 'added' });
    removed = '';
    added = '';
  };
  parts.forEach(({ text, change }, index) => {
    const between = removed && added && parts[index + 1];
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
