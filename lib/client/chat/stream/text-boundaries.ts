/** Boundaries at which streaming text can be split, so that only whole words are displayed. */

const WORD_SEGMENTER = createSegmenter('word');
const GRAPHEME_SEGMENTER = createSegmenter('grapheme');

/** Undefined if the browser has no Intl.Segmenter: words then end at whitespace only. */
function createSegmenter(granularity: 'word' | 'grapheme'): Intl.Segmenter | undefined {
  return typeof Intl.Segmenter === 'function'
    ? new Intl.Segmenter(undefined, { granularity })
    : undefined;
}

/** Whitespace or punctuation at the end: later text cannot extend the word before it. */
const ENDS_WORD = /[\s!-/:-@[-`{-~]$/;
const INCOMPLETE_GRAPHEME = /[\ud800-\udbff\u200d]$/;
const REGIONAL_INDICATORS = /\p{RI}+$/u;
/** In UTF-16 code units; no grapheme is assumed to be longer. */
const MAX_GRAPHEME_LENGTH = 64;

/**
 * Returns the first word boundary at or after `minIndex`, or the last one before it if there is
 * none. The end of the text is no boundary if its last word may be incomplete. Scripts without
 * spaces are split by the browser's dictionary.
 * @returns an index between 0 and the text's length
 */
export function wordBoundary(text: string, minIndex: number): number {
  let previousStart = 0;
  let lastStart = 0;
  const starts = WORD_SEGMENTER ? WORD_SEGMENTER.segment(text) : text.matchAll(/(?<=\s)\S/g);
  for (const { index } of starts) {
    if (lastStart >= minIndex && lastStart > 0) return lastStart;
    previousStart = lastStart;
    lastStart = index;
  }
  const endsWord = ENDS_WORD.test(text);
  // Without a space between them, the last two words may become one word with more text.
  if (!endsWord && !ENDS_WORD.test(text.slice(0, lastStart))) return previousStart;
  return endsWord && (lastStart < minIndex || lastStart === 0) ? text.length : lastStart;
}

/** Returns the text's length without an incomplete character at its end, such as half an emoji. */
export function completeGraphemesLength(text: string): number {
  let end = text.length;
  while (end > 0 && isIncompleteGrapheme(text.slice(Math.max(0, end - MAX_GRAPHEME_LENGTH), end))) {
    const from = Math.max(0, end - MAX_GRAPHEME_LENGTH);
    end = from + lastGraphemeStart(text.slice(from, end));
  }
  return end;
}

function isIncompleteGrapheme(tail: string): boolean {
  if (INCOMPLETE_GRAPHEME.test(tail)) return true;
  const indicators = REGIONAL_INDICATORS.exec(tail)?.[0];
  // A flag consists of two regional indicators of two UTF-16 code units each.
  return indicators !== undefined && indicators.length % 4 !== 0;
}

/** Returns the index at which the text's last grapheme starts. */
function lastGraphemeStart(tail: string): number {
  let start = tail.length - 1;
  for (const { index } of GRAPHEME_SEGMENTER?.segment(tail) ?? []) start = index;
  return start;
}
