/** Where text that is still arriving may be cut, so that a reader only ever sees whole words. */

const WORDS = segmenter('word');
const CHARACTERS = segmenter('grapheme');

/** Undefined where the browser has none: then words end at blanks only. */
function segmenter(granularity: 'word' | 'grapheme'): Intl.Segmenter | undefined {
  return typeof Intl.Segmenter === 'function'
    ? new Intl.Segmenter(undefined, { granularity })
    : undefined;
}

/** Ends in a blank or a mark: nothing that comes can change the word before it. */
const SETTLED = /[\s!-/:-@[-`{-~]$/;
const SURELY_HALF = /[\ud800-\udbff\u200d]$/;
const FLAG_LETTERS = /\p{RI}+$/u;
/** No character is longer. */
const LONGEST_CHARACTER = 64;

/**
 * The first place from `least` on where a word ends, or the last one before it where there is none.
 * What is at the text's end may be half a word and is none. Scripts without blanks are cut by the
 * browser's dictionary.
 * @returns an index between 0 and the text's length
 */
export function wordEnd(text: string, least: number): number {
  let before = 0;
  let last = 0;
  const starts = WORDS ? WORDS.segment(text) : text.matchAll(/(?<=\s)\S/g);
  for (const { index } of starts) {
    if (last >= least && last > 0) return last;
    before = last;
    last = index;
  }
  const settled = SETTLED.test(text);
  // Where no blank parts them, the last two words may be one when more of it has come.
  if (!settled && !SETTLED.test(text.slice(0, last))) return before;
  return settled && (last < least || last === 0) ? text.length : last;
}

/** The text's length without what can only be the beginning of a character: half an emoji, say. */
export function characterEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isHalf(text.slice(Math.max(0, end - LONGEST_CHARACTER), end))) {
    const from = Math.max(0, end - LONGEST_CHARACTER);
    end = from + startOfLast(text.slice(from, end));
  }
  return end;
}

function isHalf(tail: string): boolean {
  if (SURELY_HALF.test(tail)) return true;
  const letters = FLAG_LETTERS.exec(tail)?.[0];
  // Two letters of two UTF-16 units each make a flag.
  return letters !== undefined && letters.length % 4 !== 0;
}

/** Where the last character of the text begins. */
function startOfLast(tail: string): number {
  let start = tail.length - 1;
  for (const { index } of CHARACTERS?.segment(tail) ?? []) start = index;
  return start;
}
