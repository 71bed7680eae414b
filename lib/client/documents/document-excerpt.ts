/**
 * The part of a document that a message refers to. It is prepended to the message as a Markdown
 * quotation, which models and other readers understand; the page renders it as a quotation.
 */
export type DocumentExcerpt = {
  documentId: string;
  title: string;
  text: string;
  /** A readable location, such as "version 2, lines 3–8"; empty if the text alone identifies it. */
  location: string;
};

/** Maximum characters of a quotation. The model can read the document itself if it needs more. */
const MAX_EXCERPT_CHARS = 8_000;

/** Returns the message text with the excerpt prepended, as it is sent and stored. */
export function prependExcerpt(
  { documentId, title, text, location }: DocumentExcerpt,
  message: string,
): string {
  const truncated =
    text.length > MAX_EXCERPT_CHARS ? `${text.slice(0, MAX_EXCERPT_CHARS).trimEnd()}…` : text;
  const quoted = truncated
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  const singleLineTitle = title.replace(/\s+/g, ' ');
  const locationSuffix = location && `; ${location.replace(/\s+/g, ' ').trim()}`;
  return `About this part of the document “${singleLineTitle}” (id ${documentId}${locationSuffix}):\n\n${quoted}\n\n${message}`;
}

const EXCERPT_PATTERN =
  /^About this part of the document “(.*)” \(id ([\w-]+)(?:; ([^\n]*))?\):\n\n((?:> [^\n]*(?:\n|$))+)\n([\s\S]*)$/;

/** Parses a message written by `prependExcerpt`. Returns undefined if it has no excerpt. */
export function parseExcerpt(
  messageText: string,
): (DocumentExcerpt & { message: string }) | undefined {
  const match = EXCERPT_PATTERN.exec(messageText);
  if (!match) return undefined;
  const [, title = '', documentId = '', location = '', quoted = '', message = ''] = match;
  const lines = quoted.split('\n').map((line) => line.slice('> '.length));
  const text = lines.join('\n').trimEnd();
  return { documentId, title, text, location, message };
}
