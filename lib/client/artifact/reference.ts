/**
 * A part of a document that a message is about: put before the message as a quotation, which a
 * model understands and a person can read anywhere; the page shows it as one.
 */
export type Reference = {
  documentId: string;
  title: string;
  text: string;
  /** Where it is, in words: "version 2, lines 3–8". Empty where the text alone tells it. */
  place: string;
};

/** Characters of a quotation. The model can read the document itself where it needs more. */
const MOST_CHARS = 8_000;

/** The message as it is sent. */
export function withReference(
  { documentId, title, text, place }: Reference,
  message: string,
): string {
  const cut = text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS).trimEnd()}…` : text;
  const quoted = cut
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  const about = title.replace(/\s+/g, ' ');
  const where = place && `; ${place.replace(/\s+/g, ' ').trim()}`;
  return `About this part of the document “${about}” (id ${documentId}${where}):\n\n${quoted}\n\n${message}`;
}

const REFERENCE =
  /^About this part of the document “(.*)” \(id ([\w-]+)(?:; ([^\n]*))?\):\n\n((?:> [^\n]*(?:\n|$))+)\n([\s\S]*)$/;

/** A sent message taken apart again; undefined for one that is about nothing in particular. */
export function readReference(sent: string): (Reference & { message: string }) | undefined {
  const match = REFERENCE.exec(sent);
  if (!match) return undefined;
  const [, title = '', documentId = '', place = '', quoted = '', message = ''] = match;
  const lines = quoted.split('\n').map((line) => line.slice('> '.length));
  const text = lines.join('\n').trimEnd();
  return { documentId, title, text, place, message };
}
