/**
 * Postgres keeps neither U+0000 nor half a surrogate pair in `jsonb` and `text`. Models and people
 * do send them.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: that character is what is looked for.
const NUL = /\u0000/g;
/** JSON text that may hold either, escaped; a false alarm costs only a copy. */
const SUSPECT = /\\u0000|\\ud[89a-f]/;

/** Whether Postgres keeps the text as it is. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The text without what Postgres cannot keep: U+0000 is left out, half pairs become U+FFFD. */
export function storableText(text: string): string {
  return text.replace(NUL, '').toWellFormed();
}

/** The value with every string in it made storable; the same object where nothing had to change. */
export function storableJson<T>(value: T): T {
  const json = JSON.stringify(value);
  if (json === undefined || !SUSPECT.test(json)) return value;
  return JSON.parse(json, (_key, part) => (typeof part === 'string' ? storableText(part) : part));
}
