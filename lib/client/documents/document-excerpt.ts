/**
 * A part of a document that a message is about: put before the message as a quotation, which a
 * model understands and a person can read anywhere; the page shows it as one.
 */
export type DocumentExcerpt = {
  documentId: string;
  title: string;
  text: string;
  /** Where it is, in words: "version 2, lines 3–8". Empty where the text alone tells it. */
  location: string;
};

/** Characters of a quotation. The model can read the document itself where it needs more. */
const MAX_EXCERPT_CHARS = 8_000;

/** The message as it is sent. */
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

/** A sent message taken apart again; undefined for one that is about nothing in particular. */
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
