/**
 * Limits of JSON that others wrote, checked before it is parsed. `JSON.parse` takes its time for each
 * value, not for each character: 6 MB of brackets hold up everybody for seconds, 6 MB of text do not.
 */

export type JsonLimits = {
  /** Objects and arrays within one another. */
  depth: number;
  /** Values in all. */
  values: number;
};

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;

/** Whether the text, if it is JSON, is beyond the limits. Linear, and much faster than parsing. */
export function exceedsLimits(json: string, { depth: maxDepth, values: maxValues }: JsonLimits) {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at);
    } else if (code === COMMA) {
      values += 1;
    } else if (code === 91 /* [ */ || code === 123 /* { */) {
      depth += 1;
      values += 1;
      if (depth > maxDepth) return true;
    } else if (code === 93 /* ] */ || code === 125 /* } */) {
      depth -= 1;
    }
    if (values > maxValues) return true;
  }
  return false;
}

/** Where the quotation mark is that closes the string which begins at `start`; else the end of the text. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

/** @throws SyntaxError where the text is no JSON, or beyond the limits */
export function parseWithin(json: string, limits: JsonLimits): unknown {
  if (exceedsLimits(json, limits)) throw new SyntaxError('JSON beyond the limits of its size');
  return JSON.parse(json);
}
