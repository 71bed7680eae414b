/**
 * The lines of the AI SDK data stream, version 1: `CODE:JSON`, one per line.
 *
 * A run's log is a list of such lines, and a cursor in it is a number of non-blank lines. Two kinds
 * of lines are sent outside the log and are not counted: blank ones, which keep idle connections
 * open, and UNSAVED_LINE.
 */
import type { RunEndedAnnotation, Usage } from '@/lib/protocol/messages';

/** The codes of data stream version 1. useChat throws on any other. */
const LINE_CODES = [
  /** text */
  '0',
  /** data: an array of StreamEvents */
  '2',
  /** error: the SDK throws on it in the browser, so a run never writes it */
  '3',
  /** message annotations: an array */
  '8',
  /** tool call, complete */
  '9',
  /** tool result */
  'a',
  /** tool call starts */
  'b',
  /** tool call arguments, a delta */
  'c',
  /** the message is finished: always the last line */
  'd',
  /** a step is finished */
  'e',
  /** a step starts: { messageId } */
  'f',
  /** reasoning */
  'g',
  /** source */
  'h',
  /** redacted reasoning */
  'i',
  /** signature of reasoning */
  'j',
  /** file */
  'k',
] as const;
export type LineCode = (typeof LINE_CODES)[number];

/** A parsed line. */
export type Line = { code: LineCode; value: unknown };

const KNOWN_CODES = new Set<string>(LINE_CODES);

/** Token counts that the endpoint does not report. */
export const UNKNOWN_USAGE: Usage = { promptTokens: null, completionTokens: null };

/** Formats a line, with its newline. */
export function formatLine(code: LineCode, value: unknown): string {
  return `${code}:${JSON.stringify(value)}\n`;
}

/**
 * Sent to readers when the answer is complete but cannot be saved yet. The next line of the log
 * revokes it. Other data stream clients see an unknown event.
 */
export const UNSAVED_LINE = formatLine('2', [{ type: 'not-saved' }]);

/** Parses a line (with or without its newline); undefined if it is invalid or its code unknown. */
export function parseLine(line: string): Line | undefined {
  const code = line[0] as LineCode;
  if (line.charCodeAt(1) !== 58 /* : */ || !KNOWN_CODES.has(code)) return undefined;
  try {
    return { code, value: JSON.parse(line.slice(2)) };
  } catch {
    return undefined;
  }
}

/** Formats the last two lines of every run: the run-ended annotation and the `d:` line. */
export function formatRunEnd(ended: RunEndedAnnotation): string {
  const usage = ended.usage ?? UNKNOWN_USAGE;
  const finishReason =
    ended.status === 'complete'
      ? (ended.finishReason ?? 'stop')
      : ended.status === 'failed'
        ? 'error'
        : 'unknown';
  return formatLine('8', [ended]) + formatLine('d', { finishReason, usage });
}

/** Splits text made of whole lines into its non-blank lines, without their newlines. */
export function splitLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
