/**
 * Stub for `zod-to-json-schema` in the browser (next.config.ts). The AI SDK's browser code imports
 * it for structured output, which the page does not use. It would add all of zod: a sixth of the
 * initial bundle.
 */
export default function zodToJsonSchema(): never {
  throw new Error('Schemas are not available in the browser');
}
