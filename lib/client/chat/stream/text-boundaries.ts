/** Where text that is still arriving may be cut, so that a reader only ever sees whole words. */

const WORD_SEGMENTER = createSegmenter('word');
const GRAPHEME_SEGMENTER = createSegmenter('grapheme');

/** Undefined where the browser has none: then words end at blanks only. */
function createSegmenter(granularity: 'word' | 'grapheme'): Intl.Segmenter | undefined {
  return typeof Intl.Segmenter === 'function'
    ? new Intl.Segmenter(undefined, { granularity })
    : undefined;
}

/** Ends in a blank or a mark: nothing that comes can change the word before it. */
const ENDS_WORD = /[\s!-/:-@[-`{-~]$/;
const INCOMPLETE_GRAPHEME = /[\ud800-\udbff\u200d]$/;
const REGIONAL_INDICATORS = /\p{RI}+$/u;
/** No character is longer. */
const MAX_GRAPHEME_LENGTH = 64;

/**
 * The first place from `least` on where a word ends, or the last one before it where there is none.
 * What is at the text's end may be half a word and is none. Scripts without blanks are cut by the
 * browser's dictionary.
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
  // Where no blank parts them, the last two words may be one when more of it has come.
  if (!endsWord && !ENDS_WORD.test(text.slice(0, lastStart))) return previousStart;
  return endsWord && (lastStart < minIndex || lastStart === 0) ? text.length : lastStart;
}

/** The text's length without what can only be the beginning of a character: half an emoji, say. */
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
  // Two letters of two UTF-16 units each make a flag.
  return indicators !== undefined && indicators.length % 4 !== 0;
}

/** Where the last character of the text begins. */
function lastGraphemeStart(tail: string): number {
  let start = tail.length - 1;
  for (const { index } of GRAPHEME_SEGMENTER?.segment(tail) ?? []) start = index;
  return start;
}
