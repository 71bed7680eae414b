import {
  exceedsLimits,
  type JsonLimits,
  JsonMeter,
  parseJsonWithin,
} from '@/lib/server/limits/json-limits';

/** Maximum nesting of tool arguments. No tool needs more, and later readers may recurse. */
const MAX_DEPTH = 64;

/** Maximum values in any endpoint JSON: the longest lists of models have some ten thousand. */
const MAX_VALUES = 100_000;
const PAYLOAD_LIMITS: JsonLimits = { depth: MAX_VALUES, values: MAX_VALUES };
const ARGUMENT_LIMITS: JsonLimits = { depth: MAX_DEPTH, values: MAX_VALUES };
/** Shorter texts are parsed without a check; most events are shorter. */
const MIN_CHECKED_CHARS = 16_384;

/** Measures the arguments of a call as they stream. */
export function createArgumentsMeter(): JsonMeter {
  return new JsonMeter(ARGUMENT_LIMITS);
}

/** Whether a call's arguments are nested too deep or hold too many values. */
export function isTooComplex(json: string): boolean {
  return exceedsLimits(json, ARGUMENT_LIMITS);
}

/** @throws SyntaxError if the text is not JSON or holds too many values. */
export function parseEndpointJson(json: string): unknown {
  return json.length > MIN_CHECKED_CHARS ? parseJsonWithin(json, PAYLOAD_LIMITS) : JSON.parse(json);
}
