/** Surrogate pairs: the two code units of a character outside the basic multilingual plane. */

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Returns the index, or the one before it if it splits a surrogate pair. */
export function codePointBoundary(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}

/** Returns at most the first `maxChars` code units, without half a surrogate pair at the end. */
export function truncateChars(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, '');
}
