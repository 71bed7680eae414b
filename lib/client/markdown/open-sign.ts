/** A sign at the very end, behind a blank, that opens what has not come yet: bold, code, a link. */
const OPEN_SIGN = /(^|[\s([{])(?:\*{1,3}|_{1,3}|~{1,2}|`{1,3}|!?\[)$/;

/**
 * The text without a sign at its end that opens something whose first word is still to come. What
 * has a word behind its sign is closed elsewhere; a sign alone would be read as it is.
 */
export function withoutOpenSign(text: string): string {
  return text.replace(OPEN_SIGN, '$1');
}
