/**
 * Returns the offsets of `pattern` in `text`, in ascending order; occurrences may overlap. Uses
 * Knuth-Morris-Pratt: time is linear in both lengths, while repeated `indexOf` is quadratic for
 * repetitive texts.
 * @param limit maximum number of offsets
 */
export function findOccurrences(text: string, pattern: string, limit: number): number[] {
  const occurrences: number[] = [];
  if (pattern === '') return occurrences;
  const prefixFunction = buildPrefixFunction(pattern);
  const first = pattern[0] as string;
  let matched = 0;
  for (let index = 0; index < text.length && occurrences.length < limit; index++) {
    if (matched === 0) {
      // Skip most of the text with the engine's fast search for one character.
      index = text.indexOf(first, index);
      if (index === -1) break;
    }
    matched = nextMatchLength(pattern, prefixFunction, matched, text.charCodeAt(index));
    if (matched === pattern.length) {
      occurrences.push(index - pattern.length + 1);
      matched = prefixFunction[matched - 1] as number;
    }
  }
  return occurrences;
}

/** For each prefix of the text, the length of its longest proper suffix that is also a prefix. */
function buildPrefixFunction(text: string): Int32Array {
  const prefixFunction = new Int32Array(text.length);
  for (let index = 1; index < text.length; index++) {
    prefixFunction[index] = nextMatchLength(
      text,
      prefixFunction,
      prefixFunction[index - 1] as number,
      text.charCodeAt(index),
    );
  }
  return prefixFunction;
}

/** Returns the length of the match after one more character. */
function nextMatchLength(
  pattern: string,
  prefixFunction: Int32Array,
  matched: number,
  code: number,
): number {
  let length = matched;
  while (length > 0 && (length === pattern.length || pattern.charCodeAt(length) !== code)) {
    length = prefixFunction[length - 1] as number;
  }
  return pattern.charCodeAt(length) === code ? length + 1 : length;
}
