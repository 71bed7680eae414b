/**
 * Stands in for `zod-to-json-schema` in the browser (next.config.ts). The SDK's browser half imports it
 * for structured output, which the page does not use, and with it comes all of zod: a sixth of the
 * first load.
 */
export default function zodToJsonSchema(): never {
  throw new Error('Schemas are not available in the browser');
}
