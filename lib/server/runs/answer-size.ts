/** How long an answer may become, and what is left of a line that is too long for it. Pure. */
import { formatLine, type LineCode, parseLine, splitLines } from '@/lib/protocol/lines';

/**
 * Bytes of a message: its text, thoughts, tool calls and their results as JSON, without the documents
 * beside the chat. Several times what a model writes in one answer, and what a page can show.
 */
export const MAX_ANSWER_BYTES = 4 * 1_048_576;
/** What is left of the bound for less than this is not worth another request to the model. */
const MIN_CONTINUATION_BYTES = 1_024;
/** `0:""` and its newline. */
const TEXT_LINE_OVERHEAD_BYTES = 5;

const isText = (line: string) => line.startsWith('0:') || line.startsWith('g:');

/** What a line adds to its message; pieces of text count the same however they are cut. */
export function messageBytesOfLine(line: string, bytes = Buffer.byteLength(line)): number {
  if (line.startsWith('2:')) return 0;
  return isText(line) ? Math.max(0, bytes - TEXT_LINE_OVERHEAD_BYTES) : bytes;
}

/** Whether an answer that begins with these lines may become longer. */
export function hasRoomToContinue(firstLines: string): boolean {
  return messageBytesOf(firstLines) + MIN_CONTINUATION_BYTES < MAX_ANSWER_BYTES;
}

/** What these lines make of a message. */
export function messageBytesOf(lines: string): number {
  return splitLines(lines).reduce((sum, line) => sum + messageBytesOfLine(`${line}\n`), 0);
}

/** The beginning of a line of text that adds no more than `room` bytes; '' where there is none. */
export function truncateLine(line: string, maxBytes: number): string {
  const { code, value } = isText(line) ? (parseLine(line) ?? {}) : {};
  if (typeof value !== 'string') return '';
  let truncated = value.slice(0, Math.max(0, maxBytes));
  // Characters may take several bytes, escaped ones too.
  while (
    truncated !== '' &&
    messageBytesOfLine(formatLine(code as LineCode, truncated)) > maxBytes
  ) {
    truncated = truncated.slice(0, truncated.length >> 1);
  }
  // Half of a pair.
  truncated = truncated.replace(/[\ud800-\udbff]$/, '');
  return truncated === '' ? '' : formatLine(code as LineCode, truncated);
}
