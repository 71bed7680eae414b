/**
 * What Postgres refuses in `jsonb` and `text`: U+0000 and half a surrogate pair, and values nested
 * deeper than its stack. Models and users do send them.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: that character is what is looked for.
const NUL = /\u0000/g;
/** Far above what tools take, far below what overflows a stack here or in Postgres. */
export const MAX_JSON_DEPTH = 100;
const TOO_DEEP = '(nested too deeply to be kept)';

/** Whether Postgres keeps the text as it is. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The text without what Postgres cannot keep: U+0000 is left out, half pairs become U+FFFD. */
export function storableText(text: string): string {
  return text.replace(NUL, '').toWellFormed();
}

/**
 * The value with every string and key in it made storable, and a sentence in place of what is nested
 * deeper than `MAX_JSON_DEPTH`; the same object where nothing had to change.
 */
export function storableJson<T>(value: T): T {
  return isStorable(value, 0) ? value : (cleaned(value, 0) as T);
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (!isContainer(value)) return true;
  if (depth >= MAX_JSON_DEPTH) return false;
  if (Array.isArray(value)) return value.every((part) => isStorable(part, depth + 1));
  return Object.entries(value).every(
    ([key, part]) => isStorableText(key) && isStorable(part, depth + 1),
  );
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (!isContainer(value)) return value;
  if (depth >= MAX_JSON_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((part) => cleaned(part, depth + 1));
  // `fromEntries` defines `__proto__` as a key like any other.
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [storableText(key), cleaned(part, depth + 1)]),
  );
}

/** Whether the value is an array or a plain object: a Date, for one, is neither. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
