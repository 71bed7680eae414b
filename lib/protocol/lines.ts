/**
 * The lines of the AI SDK data stream, version 1: `CODE:JSON`, one a line.
 *
 * A run's log is a list of such lines, and a cursor on it is a number of non-blank lines. Two lines
 * travel beside the log and are not counted: blank ones, which keep idle connections open, and
 * NOT_SAVED_LINE.
 */
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

/** The codes of data stream version 1 that Throughline reads or writes. */
export type LineCode =
  /** text */
  | '0'
  /** data: an array of StreamEvents */
  | '2'
  /** error: thrown by the browser's half of the SDK, so never written by a run */
  | '3'
  /** message annotations: an array */
  | '8'
  /** tool call, complete */
  | '9'
  /** tool result */
  | 'a'
  /** tool call starts */
  | 'b'
  /** tool call arguments, a piece */
  | 'c'
  /** the message is finished: always the last line */
  | 'd'
  /** a step is finished */
  | 'e'
  /** a step starts: { messageId } */
  | 'f'
  /** reasoning */
  | 'g'
  /** source */
  | 'h'
  /** redacted reasoning */
  | 'i'
  /** signature of reasoning */
  | 'j'
  /** file */
  | 'k';

/** A line with its newline. */
export function formatLine(code: LineCode, value: unknown): string {
  return `${code}:${JSON.stringify(value)}\n`;
}

/**
 * Told to readers whose answer has all been said and cannot be saved yet. Any line of the log that
 * comes after it takes it back. To a data stream client that does not know it, an unknown event.
 */
export const UNSAVED_LINE = formatLine('2', [{ type: 'not-saved' }]);

/** A line (with or without its newline) taken apart, or undefined where it is not one. */
export function parseLine(line: string): { code: LineCode; value: unknown } | undefined {
  if (line.charCodeAt(1) !== 58 /* : */) return undefined;
  try {
    return { code: line[0] as LineCode, value: JSON.parse(line.slice(2)) };
  } catch {
    return undefined;
  }
}

/** The last two lines of every run: how it ended, and the end. */
export function formatRunEnd(ended: RunEndedAnnotation): string {
  const usage = ended.usage ?? { promptTokens: null, completionTokens: null };
  const finishReason =
    ended.status === 'complete'
      ? (ended.finishReason ?? 'stop')
      : ended.status === 'failed'
        ? 'error'
        : 'unknown';
  return formatLine('8', [ended]) + formatLine('d', { finishReason, usage });
}

/** Splits text that holds whole lines into its non-blank lines, without their newlines. */
export function splitLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
