/** Parses the arguments of a finished tool call. Pure. */
import { isTooComplex } from './endpoint-json';

/** Empty objects before the real one, which some endpoints send as placeholders. */
const PLACEHOLDERS = /^(?:\{\s*\}\s*)+(?=\{)/;

/**
 * Returns the arguments of a finished tool call as the JSON object that was intended.
 *
 * Empty arguments become `{}`. Text after the object (an end marker, an extra brace) is dropped,
 * and so are placeholders before it. Arguments that were encoded twice are decoded once. U+0000 is
 * removed, from keys too.
 *
 * @returns null if there is no JSON object, or one that is nested too deep.
 */
export function parseToolArguments(text: string): string | null {
  const trimmed = text.trim().replace(PLACEHOLDERS, '');
  if (trimmed === '' || trimmed === 'null') return '{}';
  if (isTooComplex(trimmed)) return null;
  const objectText = findObject(trimmed);
  return objectText?.includes('\\u0000') ? stripNul(objectText) : objectText;
}

function findObject(text: string): string | null {
  if (isJsonObject(text)) return text;
  if (text.startsWith('"')) {
    const inner = tryParse(text);
    const isObject = typeof inner === 'string' && !isTooComplex(inner) && isJsonObject(inner);
    return isObject ? inner : null;
  }
  const end = findObjectEnd(text);
  if (end === -1) return null;
  const first = text.slice(0, end);
  return isJsonObject(first) ? first : null;
}

/** Index after the brace that closes the object at the start of the text; -1 without one. */
function findObjectEnd(text: string): number {
  if (!text.startsWith('{')) return -1;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === '{') {
      depth += 1;
    } else if (char === '}') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

function stripNul(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (_, value: unknown) => {
      if (typeof value === 'string') return value.replaceAll('\0', '');
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const entries = Object.entries(value);
      if (!entries.some(([key]) => key.includes('\0'))) return value;
      return Object.fromEntries(entries.map(([key, inner]) => [key.replaceAll('\0', ''), inner]));
    }),
  );
}

function isJsonObject(text: string): boolean {
  const value = tryParse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
