import {
  exceedsLimits,
  type JsonLimits,
  JsonMeter,
  parseJsonWithin,
} from '@/lib/server/limits/json-limits';

/** No tool takes arguments that are nested deeper, and what reads them later may do so by recursion. */
const MAX_DEPTH = 64;

/** Of anything that an endpoint sends: the longest lists of models have some ten thousand. */
const MAX_VALUES = 100_000;
const PAYLOAD_LIMITS: JsonLimits = { depth: MAX_VALUES, values: MAX_VALUES };
const ARGUMENT_LIMITS: JsonLimits = { depth: MAX_DEPTH, values: MAX_VALUES };
/** Shorter texts are parsed at once, whatever they hold: most events are. */
const MIN_CHECKED_CHARS = 16_384;

/** Measures the arguments of a call as they come. */
export function createArgumentsMeter(): JsonMeter {
  return new JsonMeter(ARGUMENT_LIMITS);
}

/** Whether the arguments of a call are nested too deep to be read, or hold too many values. */
export function isTooComplex(json: string): boolean {
  return exceedsLimits(json, ARGUMENT_LIMITS);
}

/** @throws SyntaxError where the text is no JSON, or holds too many values */
export function parseEndpointJson(json: string): unknown {
  return json.length > MIN_CHECKED_CHARS ? parseJsonWithin(json, PAYLOAD_LIMITS) : JSON.parse(json);
}
