/**
 * Stub for `mdast-util-to-markdown` in the browser (next.config.ts). The GFM extensions contain
 * their parts for parsing and for serializing in one file, and the page only parses. The text
 * editor, which serializes, imports the package as `markdown-serializer` and puts its handlers here.
 */
export const defaultHandlers: Record<string, unknown> = {};
