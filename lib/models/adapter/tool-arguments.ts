/**
 * The arguments of a finished tool call as the JSON object that they were meant to be. Pure.
 *
 * Empty arguments are `{}`. Text behind the object (an end mark, a brace too many) is dropped, and
 * so is an empty object in front of the real one, which some endpoints send as a placeholder.
 * Arguments that were encoded twice are decoded once.
 *
 * @returns null where there is no JSON object in them.
 */
export function readToolArguments(text: string): string | null {
  const whole = text.trim();
  if (whole === '' || whole === 'null') return '{}';
  if (isJsonObject(whole)) return whole;
  if (whole.startsWith('"')) {
    const inner = parsed(whole);
    return typeof inner === 'string' && isJsonObject(inner) ? inner : null;
  }
  const end = endOfObject(whole);
  if (end === -1) return null;
  const first = whole.slice(0, end);
  const rest = whole.slice(end).trimStart();
  if (/^\{\s*\}$/.test(first) && rest.startsWith('{')) return readToolArguments(rest);
  return isJsonObject(first) ? first : null;
}

/** Just behind the brace that closes the object a text starts with; -1 where none does. */
function endOfObject(text: string): number {
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

function isJsonObject(text: string): boolean {
  const value = parsed(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
