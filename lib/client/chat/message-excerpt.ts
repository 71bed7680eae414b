/** The part of a document or of an answer that a message refers to, at the start of its text. */
import {
  type DocumentExcerpt,
  parseExcerpt,
  prependExcerpt,
} from '@/lib/client/documents/document-excerpt';
import { LIMITS } from '@/lib/protocol/api';
import { truncateChars } from '@/lib/shared/surrogates';

/** Text that the user selected in an answer. */
export type AnswerExcerpt = { text: string };

export type MessageExcerpt = DocumentExcerpt | AnswerExcerpt;

export type ParsedMessage = { excerpt: MessageExcerpt | null; text: string };

/** Leaves at least half of a message for the user's own text. */
const MAX_ANSWER_EXCERPT_CHARS = LIMITS.messageChars / 2;

const HEADING = 'About this part of your answer:';
const PATTERN = /^About this part of your answer:\n\n((?:> [^\n]*(?:\n|$))+)\n([\s\S]*)$/;

/**
 * Returns the message as it is sent and stored: the excerpt is a Markdown quotation, which models
 * and other readers understand.
 */
export function formatMessage({ excerpt, text }: ParsedMessage): string {
  if (!excerpt) return text;
  if ('documentId' in excerpt) return prependExcerpt(excerpt, text);
  const quoted =
    excerpt.text.length > MAX_ANSWER_EXCERPT_CHARS
      ? `${truncateChars(excerpt.text, MAX_ANSWER_EXCERPT_CHARS).trimEnd()}…`
      : excerpt.text;
  return `${HEADING}\n\n> ${quoted.replaceAll('\n', '\n> ')}\n\n${text}`;
}

/** Parses a message written by `formatMessage`. */
export function parseMessage(message: string): ParsedMessage {
  const documentExcerpt = parseExcerpt(message);
  if (documentExcerpt) {
    const { message: text, ...excerpt } = documentExcerpt;
    return { excerpt, text };
  }
  const [, quoted, text = ''] = PATTERN.exec(message) ?? [];
  if (quoted === undefined) return { excerpt: null, text: message };
  const lines = quoted.split('\n').map((line) => line.slice('> '.length));
  return { excerpt: { text: lines.join('\n').trimEnd() }, text };
}
