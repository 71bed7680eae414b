/** An estimate for brackets, commas and numbers, of which there may be many. */
const CHARS_PER_VALUE = 2;

/**
 * Estimates the length of a JSON value's text in characters: all strings and keys, and a constant
 * per value. Serializes nothing, and stops as soon as the estimate reaches `limit`.
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
