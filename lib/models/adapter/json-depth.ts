import { exceedsLimits, type JsonLimits, parseWithin } from '@/lib/json-limits';

/** No tool takes arguments that are nested deeper, and what reads them later may do so by recursion. */
export const MAX_DEPTH = 64;

/** Of anything that an endpoint sends: the longest lists of models have some ten thousand. */
const MAX_VALUES = 100_000;
const ANY: JsonLimits = { depth: MAX_VALUES, values: MAX_VALUES };
const ARGUMENTS: JsonLimits = { depth: MAX_DEPTH, values: MAX_VALUES };
/** Shorter texts are parsed at once, whatever they hold: most events are. */
const UNCHECKED_CHARS = 16_384;

const BACKSLASH = 92;
const QUOTE = 34;
const OPEN = new Set([91, 123]);
const CLOSE = new Set([93, 125]);

export type Depth = {
  /** The greatest so far. */
  deepest: number;
  /** Whether all that was opened so far is closed, strings too. */
  isClosed: boolean;
};

/**
 * Counts the nesting of a JSON text that comes in pieces. Pure.
 * @returns a function that takes the next piece
 */
export function createDepthMeter(): (piece: string) => Depth {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  let escaped = false;

  function take(code: number): void {
    if (escaped) escaped = false;
    else if (inString && code === BACKSLASH) escaped = true;
    else if (code === QUOTE) inString = !inString;
    else if (inString) return;
    else if (OPEN.has(code)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (CLOSE.has(code)) depth -= 1;
  }

  return (piece) => {
    for (let i = 0; i < piece.length; i += 1) take(piece.charCodeAt(i));
    return { deepest, isClosed: depth <= 0 && !inString };
  };
}

/** Whether the arguments of a call are nested too deep to be read, or hold too many values. */
export function isTooComplex(json: string): boolean {
  return exceedsLimits(json, ARGUMENTS);
}

/** @throws SyntaxError where the text is no JSON, or holds too many values */
export function parseEndpointJson(json: string): unknown {
  return json.length > UNCHECKED_CHARS ? parseWithin(json, ANY) : JSON.parse(json);
}
