/**
 * Sanitizes text and JSON before they are sent to Postgres, which rejects U+0000, lone surrogates,
 * values nested deeper than its stack and values above its size limits. Models and users send all
 * of these. Every text parameter of every statement passes through `storableText`
 * (lib/server/db/client), every jsonb column through `toJsonb` (lib/server/db/schema/columns).
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: the regex matches that character.
const NUL = /\u0000/g;
/** Far above what tools need, far below what overflows the stack of Node.js or Postgres. */
export const MAX_JSON_DEPTH = 100;
/**
 * UTF-16 units of one text parameter. Above the size of a run's log and of a batch of frames, and
 * far below the 1 GB limit of a field.
 */
const MAX_TEXT_CHARS = 64_000_000;
/** UTF-16 units of all strings and keys of one value. */
export const MAX_JSON_CHARS = 32_000_000;
/** Number of keys and array elements of one value. */
export const MAX_JSON_NODES = 1_000_000;
const TOO_DEEP = '(nested too deeply to be kept)';
const TOO_LARGE = '(too large to be kept)';

/** Whether Postgres can store the text unchanged. */
export function isStorableText(text: string): boolean {
  return text.length <= MAX_TEXT_CHARS && !text.includes('\0') && text.isWellFormed();
}

/**
 * Returns the text as Postgres can store it: without U+0000, with U+FFFD for lone surrogates,
 * truncated to `MAX_TEXT_CHARS`.
 */
export function storableText(text: string): string {
  if (isStorableText(text)) return text;
  return text.slice(0, MAX_TEXT_CHARS).replace(NUL, '').toWellFormed();
}

/**
 * Returns the value with all strings and keys sanitized, and a placeholder text for anything nested
 * deeper than `MAX_JSON_DEPTH` or above the size limits. Returns the same object if nothing had to
 * change.
 */
export function storableJson<T>(value: T): T {
  return isStorable(value, 0, newBudget()) ? value : (toStorable(value, 0, newBudget()) as T);
}

/** Returns the sanitized value as JSON text; statements cast it with `::text::jsonb`. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(storableJson(value));
}

/** The remaining size of one value. */
type JsonBudget = { chars: number; nodes: number };

const newBudget = (): JsonBudget => ({ chars: MAX_JSON_CHARS, nodes: MAX_JSON_NODES });

/** Deducts a string or a number of children. Returns false if the budget is too small. */
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
  // `fromEntries` defines `__proto__` as an ordinary key.
  return Object.fromEntries(
    entries.map(([key, part]) => [storableText(key), toStorable(part, depth + 1, budget)]),
  );
}

/** Whether the value is an array or a plain object (unlike a Date, for example). */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
