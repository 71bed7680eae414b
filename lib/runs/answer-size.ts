/** How long an answer may become, and what is left of a line that is too long for it. Pure. */
import { formatLine, type LineCode, parseLine, splitLines } from '@/lib/protocol/lines';

/**
 * Bytes of a message: its text, thoughts, tool calls and their results as JSON, without the documents
 * beside the chat. Several times what a model writes in one answer, and what a page can show.
 */
export const MAX_ANSWER_BYTES = 4 * 1_048_576;
/** What is left of the bound for less than this is not worth another request to the model. */
const WORTH_CONTINUING_BYTES = 1_024;
/** `0:""` and its newline. */
const TEXT_OVERHEAD = 5;

const isText = (line: string) => line.startsWith('0:') || line.startsWith('g:');

/** What a line adds to its message; pieces of text count the same however they are cut. */
export function bytesInMessage(line: string, bytes = Buffer.byteLength(line)): number {
  if (line.startsWith('2:')) return 0;
  return isText(line) ? Math.max(0, bytes - TEXT_OVERHEAD) : bytes;
}

/** Whether an answer that begins with these lines may become longer. */
export function mayContinue(firstLines: string): boolean {
  return bytesOfMessage(firstLines) + WORTH_CONTINUING_BYTES < MAX_ANSWER_BYTES;
}

/** What these lines make of a message. */
export function bytesOfMessage(lines: string): number {
  return splitLines(lines).reduce((sum, line) => sum + bytesInMessage(`${line}\n`), 0);
}

/** The beginning of a line of text that adds no more than `room` bytes; '' where there is none. */
export function cutToFit(line: string, room: number): string {
  const { code, value } = isText(line) ? (parseLine(line) ?? {}) : {};
  if (typeof value !== 'string') return '';
  let kept = value.slice(0, Math.max(0, room));
  // Characters may take several bytes, escaped ones too.
  while (kept !== '' && bytesInMessage(formatLine(code as LineCode, kept)) > room) {
    kept = kept.slice(0, kept.length >> 1);
  }
  // Half of a pair.
  kept = kept.replace(/[\ud800-\udbff]$/, '');
  return kept === '' ? '' : formatLine(code as LineCode, kept);
}
