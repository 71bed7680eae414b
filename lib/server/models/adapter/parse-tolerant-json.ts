import { parseEndpointJson } from './endpoint-json';

/** Numbers that Python's `json.dumps` writes and JSON does not have, and the strings that may hold their names. */
const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*(?:"|$)|-?\b(?:NaN|Infinity)\b/gs;

/**
 * The value of a JSON text; `NaN` and `Infinity` are read as null.
 * @returns undefined where the text is no JSON, or holds too many values.
 */
export function parseTolerantJson(text: string): unknown {
  try {
    return parseEndpointJson(text);
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined;
  }
  try {
    return parseEndpointJson(
      text.replace(STRING_OR_NON_FINITE, (match) => (match[0] === '"' ? match : 'null')),
    );
  } catch {
    return undefined;
  }
}
