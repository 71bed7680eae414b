/** Brackets, commas and numbers count too: there may be many of them. */
const CHARS_PER_VALUE = 2;

/**
 * About how long a JSON value is when written out: the characters of its strings and keys, and some for
 * each value in it. Writes nothing out, and looks at no more of it once it has come to `atMost`.
 */
export function estimateJsonChars(value: unknown, limit: number): number {
  let chars = CHARS_PER_VALUE;
  if (typeof value === 'string') return chars + value.length;
  if (typeof value !== 'object' || value === null) return chars;
  if (Array.isArray(value)) {
    for (const part of value) {
      if (chars >= limit) break;
      chars += estimateJsonChars(part, limit - chars);
    }
    return chars;
  }
  for (const key in value) {
    if (chars >= limit) break;
    chars += key.length + estimateJsonChars((value as Record<string, unknown>)[key], limit - chars);
  }
  return chars;
}
