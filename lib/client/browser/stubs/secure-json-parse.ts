/**
 * Stub for `secure-json-parse` in the browser (next.config.ts), which the AI SDK uses instead of
 * `JSON.parse`. Drops the key that it rejects.
 */
const SecureJson = {
  parse: (text: string): unknown =>
    JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value)),
};
export default SecureJson;
