/** The size limit of an answer, and truncation of a line that exceeds it. Pure. */
import { formatLine, parseLine, splitLines } from '@/lib/protocol/lines';
import { truncateChars } from '@/lib/shared/surrogates';

/**
 * Bytes of a message: its text, reasoning, tool calls and their results as JSON, without documents.
 * Several times what a model writes in one answer, and still displayable by a page.
 */
export const MAX_ANSWER_BYTES = 4 * 1_048_576;
/** With fewer bytes left, another request to the model is not worth it. */
const MIN_CONTINUATION_BYTES = 1_024;
/** `0:""` and its newline. */
const TEXT_LINE_OVERHEAD_BYTES = 5;

const isText = (line: string) => line.startsWith('0:') || line.startsWith('g:');

/** Bytes that a line adds to its message; text counts the same for any split into lines. */
export function messageBytesOfLine(line: string, bytes = Buffer.byteLength(line)): number {
  if (line.startsWith('2:')) return 0;
  return isText(line) ? Math.max(0, bytes - TEXT_LINE_OVERHEAD_BYTES) : bytes;
}

/** Whether an answer that starts with these lines is short enough to be continued. */
export function canBeContinued(firstLines: string): boolean {
  return messageBytesOf(firstLines) + MIN_CONTINUATION_BYTES < MAX_ANSWER_BYTES;
}

/** Size in bytes of the message that these lines fold to. */
export function messageBytesOf(lines: string): number {
  return splitLines(lines).reduce((sum, line) => sum + messageBytesOfLine(`${line}\n`), 0);
}

/**
 * Truncates a line of text so that it adds at most `maxBytes`; '' for other lines or if none fits.
 */
export function truncateLine(line: string, maxBytes: number): string {
  const parsed = isText(line) ? parseLine(line) : undefined;
  if (typeof parsed?.value !== 'string') return '';
  const { code, value } = parsed;
  let truncated = truncateChars(value, Math.max(0, maxBytes));
  // A character may take several bytes in UTF-8 or JSON escapes.
  while (truncated !== '' && messageBytesOfLine(formatLine(code, truncated)) > maxBytes) {
    truncated = truncateChars(truncated, truncated.length >> 1);
  }
  return truncated === '' ? '' : formatLine(code, truncated);
}
