import { parseEndpointJson } from './endpoint-json';

/**
 * Numbers that Python's `json.dumps` writes and JSON lacks; strings match first, so that their
 * content stays. A string without an end matches too, so that the search never goes back: it takes
 * linear time.
 */
const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/gs;

/**
 * Parses JSON; `NaN` and `Infinity` become null.
 * @returns undefined if the text is not JSON or holds too many values.
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
