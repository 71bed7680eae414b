const WORD_START_BONUS = 8;
const ADJACENT_BONUS = 5;
const CONTAINED_BONUS = 40;

/** Returns the text for comparison: lower case, without accents. */
function normalize(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * Returns how well the text matches the query; null if it does not contain the characters of the
 * query in their order. Spaces of the query are ignored. Higher is better.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const [wanted, inText] = [normalize(query).trim(), normalize(text)];
  const chars = [...wanted.replace(/\s+/g, '')];
  // Starts of words may come after characters that the rest of the query needs.
  const score = scoreOf(chars, inText, findAtWordStart) ?? scoreOf(chars, inText, findNext);
  if (score === null) return null;
  const bonus = inText.includes(wanted) ? CONTAINED_BONUS : 0;
  // Of two texts with the same matches the shorter one is closer to the query.
  return score + bonus - inText.length / 100;
}

type FindChar = (text: string, char: string, from: number) => number;

function scoreOf(chars: readonly string[], text: string, find: FindChar): number | null {
  let score = 0;
  let position = 0;
  for (const char of chars) {
    const found = find(text, char, position);
    if (found < 0) return null;
    if (isWordStart(text, found)) score += WORD_START_BONUS;
    if (found === position && position > 0) score += ADJACENT_BONUS;
    position = found + char.length;
  }
  return score;
}

const findNext: FindChar = (text, char, from) => text.indexOf(char, from);

/** The next character if it matches, else the start of a word, else any. */
const findAtWordStart: FindChar = (text, char, from) => {
  const first = text.indexOf(char, from);
  if (first <= from) return first;
  for (let at = first; at >= 0; at = text.indexOf(char, at + 1)) {
    if (isWordStart(text, at)) return at;
  }
  return first;
};

function isWordStart(text: string, index: number): boolean {
  return index === 0 || /[^\p{L}\p{N}]/u.test(text[index - 1] as string);
}
