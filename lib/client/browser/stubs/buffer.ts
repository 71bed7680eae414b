/**
 * Stands in for Node's Buffer in the browser (next.config.ts): a library of the SDK's asks whether
 * there is one, and the bundler would bring a copy of it along for the question.
 */
export const Buffer = undefined;
