/** Emulates a terminal: the cursor moves within its line, and text overwrites the line. */
import { isHighSurrogate } from '@/lib/shared/surrogates';

export type Screen = {
  /** All lines before that of the cursor. */
  finishedLines: string;
  /** The line of the cursor. */
  currentLine: string;
  /** The position of the cursor in its line. */
  column: number;
  /** The start of an escape sequence that has not been received completely. */
  incompleteSequence: string;
};

/**
 * Lines wrap here, as in a terminal: a carriage return moves to the start of the last row. So the
 * cost of a control character does not grow with the line.
 */
const WRAP_CHARS = 2_000;

export const EMPTY_SCREEN: Screen = {
  finishedLines: '',
  currentLine: '',
  column: 0,
  incompleteSequence: '',
};

/** A sequence cannot move the cursor beyond this column: the width of a wide terminal. */
const MAX_COLUMN = 250;

/*
 * The sequences of ECMA-48 in their 7-bit (ESC and a character) and 8-bit forms: CSI (colors,
 * movements); OSC, DCS, SOS, PM and APC, which contain a string up to BEL or ST (titles, links);
 * and ESC with one character. A sequence interrupted by a line feed is invalid: only its introducer
 * is skipped. Strings end before the next introducer, so that each character is scanned once.
 */
/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: the patterns match them */
const CSI_SEQUENCE = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/;
const STRING_SEQUENCE =
  /(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)/;
const ESCAPE_SEQUENCE = /\x1b[ -/]*[0-~]/;
const CONTROL_CHAR = /[\x00-\x08\n-\x1f\x7f-\x9f]/;
const CONTROLS = new RegExp(
  [CSI_SEQUENCE, STRING_SEQUENCE, ESCAPE_SEQUENCE, CONTROL_CHAR]
    .map(({ source }) => source)
    .join('|'),
  'g',
);
/** The start of a sequence at the end of a text, up to a maximum length. */
const INCOMPLETE_SEQUENCE =
  /(?:\x1b[ -/]{0,8}|(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]{0,4096}\x1b?)$/;
/** Clears the line from the cursor, up to the cursor, or completely. */
const CLEAR_LINE = /^(?:\x1b\[|\x9b)([0-2]?)K$/;
/** Moves the cursor right, left, or to a column counted from 1. */
const MOVE_CURSOR = /^(?:\x1b\[|\x9b)(\d*)([CDG])$/;
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: the patterns match them */

/** Returns the screen after the output. Ignores colors, titles and movements between lines. */
export function writeToScreen(screen: Screen, output: string): Screen {
  const input = screen.incompleteSequence + output;
  const incompleteSequence = INCOMPLETE_SEQUENCE.exec(input)?.[0] ?? '';
  const text = input.slice(0, input.length - incompleteSequence.length);
  const next = { ...screen, incompleteSequence };
  let position = 0;
  for (const { 0: control, index } of text.matchAll(CONTROLS)) {
    putText(next, text.slice(position, index));
    applyControl(next, control);
    position = index + control.length;
  }
  putText(next, text.slice(position));
  return next;
}

/** Returns a complete text as a terminal displays it. */
export function renderTerminalText(text: string): string {
  const { finishedLines, currentLine } = writeToScreen(EMPTY_SCREEN, text);
  return finishedLines + currentLine;
}

function putText(screen: Screen, text: string): void {
  if (text === '') return;
  const { currentLine, column } = screen;
  const end = column + text.length;
  const fullLine = lineBefore(currentLine, column) + text + lineFrom(currentLine, end);
  const rows = Math.floor(Math.max(0, fullLine.length - 1) / WRAP_CHARS) * WRAP_CHARS;
  const row = isHighSurrogate(fullLine.charCodeAt(rows - 1)) ? rows - 1 : rows;
  screen.finishedLines += fullLine.slice(0, row);
  screen.currentLine = fullLine.slice(row);
  screen.column = Math.max(0, end - row);
}

/** Returns the line before a column, padded with spaces. Half a character becomes a space. */
function lineBefore(line: string, column: number): string {
  const before = line.slice(0, column).padEnd(column);
  return isHighSurrogate(before.charCodeAt(column - 1)) ? `${before.slice(0, -1)} ` : before;
}

function lineFrom(line: string, column: number): string {
  const isCut = column > 0 && isHighSurrogate(line.charCodeAt(column - 1));
  return isCut ? ` ${line.slice(column + 1)}` : line.slice(column);
}

function applyControl(screen: Screen, control: string): void {
  if (control === '\r') screen.column = 0;
  else if (control === '\b') screen.column = Math.max(0, screen.column - 1);
  else if (control === '\n' || control === '\v' || control === '\f') {
    screen.finishedLines += `${screen.currentLine}\n`;
    screen.currentLine = '';
    screen.column = 0;
  } else {
    const cleared = CLEAR_LINE.exec(control)?.[1];
    if (cleared !== undefined) clearLine(screen, cleared);
    const [, count, direction] = MOVE_CURSOR.exec(control) ?? [];
    if (direction) moveCursor(screen, Math.max(1, Number(count)), direction);
  }
}

function clearLine(screen: Screen, mode: string): void {
  const { currentLine, column } = screen;
  if (mode === '2') screen.currentLine = '';
  else if (mode === '1')
    screen.currentLine =
      ' '.repeat(Math.min(column, currentLine.length)) + lineFrom(currentLine, column);
  else screen.currentLine = lineBefore(currentLine, Math.min(column, currentLine.length));
}

function moveCursor(screen: Screen, count: number, direction: string): void {
  const { column } = screen;
  if (direction === 'D') screen.column = Math.max(0, column - count);
  else if (direction === 'C')
    screen.column = Math.max(column, Math.min(column + count, MAX_COLUMN));
  else screen.column = Math.min(count - 1, MAX_COLUMN);
}
