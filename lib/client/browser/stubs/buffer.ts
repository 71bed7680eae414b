/**
 * Stub for Node's Buffer in the browser (next.config.ts). A dependency of the AI SDK checks whether
 * Buffer exists, and the bundler would add a polyfill for that check.
 */
export const Buffer = undefined;
