/**
 * The one door for texts and JSON on their way to Postgres. It refuses U+0000, half a surrogate pair,
 * values nested deeper than its stack and values above its size limits; models and users do send them.
 * Every text parameter of every statement passes `storableText` (lib/server/db/client), every jsonb column
 * `toJsonb` (lib/server/db/schema/columns).
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: that character is what is looked for.
const NUL = /\u0000/g;
/** Far above what tools take, far below what overflows a stack here or in Postgres. */
export const MAX_JSON_DEPTH = 100;
/**
 * UTF-16 units of one text parameter: above a run's log and a batch of frames, and so far below the
 * 1 GB of one field that no statement comes near it.
 */
const MAX_TEXT_CHARS = 64_000_000;
/** UTF-16 units of all strings and keys of one value, and how many keys and elements it may have. */
export const MAX_JSON_CHARS = 32_000_000;
export const MAX_JSON_NODES = 1_000_000;
const TOO_DEEP = '(nested too deeply to be kept)';
const TOO_LARGE = '(too large to be kept)';

/** Whether Postgres keeps the text as it is. */
export function isStorableText(text: string): boolean {
  return text.length <= MAX_TEXT_CHARS && !text.includes('\0') && text.isWellFormed();
}

/**
 * The text as Postgres can keep it: U+0000 is left out, half pairs become U+FFFD, and what is above
 * `MAX_TEXT_CHARS` is cut off.
 */
export function storableText(text: string): string {
  if (isStorableText(text)) return text;
  return text.slice(0, MAX_TEXT_CHARS).replace(NUL, '').toWellFormed();
}

/**
 * The value with every string and key in it made storable, and a sentence in place of what is nested
 * deeper than `MAX_JSON_DEPTH` or lies beyond the limits of size; the same object where nothing had to
 * change.
 */
export function storableJson<T>(value: T): T {
  return isStorable(value, 0, newBudget()) ? value : (toStorable(value, 0, newBudget()) as T);
}

/** The text of the value's JSON, made storable: what a statement casts with `::text::jsonb`. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(storableJson(value));
}

/** What one value may still hold. */
type JsonBudget = { chars: number; nodes: number };

const newBudget = (): JsonBudget => ({ chars: MAX_JSON_CHARS, nodes: MAX_JSON_NODES });

/** Takes a string, or a number of children, out of the budget. Returns whether it was there. */
function spend(budget: JsonBudget, chars: number, nodes: number): boolean {
  if (chars > budget.chars || nodes > budget.nodes) return false;
  budget.chars -= chars;
  budget.nodes -= nodes;
  return true;
}

function isStorable(value: unknown, depth: number, budget: JsonBudget): boolean {
  if (typeof value === 'string') return spend(budget, value.length, 0) && isStorableText(value);
  if (!isContainer(value)) return true;
  if (depth >= MAX_JSON_DEPTH) return false;
  if (Array.isArray(value)) {
    if (!spend(budget, 0, value.length)) return false;
    return value.every((part) => isStorable(part, depth + 1, budget));
  }
  const entries = Object.entries(value);
  if (!spend(budget, 0, entries.length)) return false;
  return entries.every(
    ([key, part]) =>
      spend(budget, key.length, 0) && isStorableText(key) && isStorable(part, depth + 1, budget),
  );
}

function toStorable(value: unknown, depth: number, budget: JsonBudget): unknown {
  if (typeof value === 'string') {
    return spend(budget, value.length, 0) ? storableText(value) : TOO_LARGE;
  }
  if (!isContainer(value)) return value;
  if (depth >= MAX_JSON_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) {
    if (!spend(budget, 0, value.length)) return TOO_LARGE;
    return value.map((part) => toStorable(part, depth + 1, budget));
  }
  const entries = Object.entries(value);
  const keyChars = entries.reduce((sum, [key]) => sum + key.length, 0);
  if (!spend(budget, keyChars, entries.length)) return TOO_LARGE;
  // `fromEntries` defines `__proto__` as a key like any other.
  return Object.fromEntries(
    entries.map(([key, part]) => [storableText(key), toStorable(part, depth + 1, budget)]),
  );
}

/** Whether the value is an array or a plain object: a Date, for one, is neither. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
