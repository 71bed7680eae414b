/** What a terminal makes of a text: a cursor that goes back in its line, and writes over what is there. */

export type Screen = {
  /** The lines that are done, and the one that the cursor is in. */
  finishedLines: string;
  currentLine: string;
  /** Where in its line the cursor is. */
  column: number;
  /** The beginning of an escape sequence whose end has not come yet. */
  incompleteSequence: string;
};

/**
 * A line wraps here, as in a terminal: a cursor goes back to the beginning of its last row. So what one
 * control costs does not grow with the line.
 */
const WRAP_CHARS = 2_000;

export const EMPTY_SCREEN: Screen = {
  finishedLines: '',
  currentLine: '',
  column: 0,
  incompleteSequence: '',
};

/** How far to the right a sequence may move the cursor by itself: the width of a wide terminal. */
const MAX_COLUMN = 250;

/*
 * The sequences of ECMA-48, with ESC or with the one character that may stand for it and its next one:
 * CSI (colours, movements); OSC, DCS, SOS, PM and APC, which hold a text up to BEL or ST (titles,
 * links); and those of ESC and one sign. One that is broken off by a line feed is none: only its
 * introducer is passed over. No text goes past the next introducer: each is looked at once.
 */
/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are what is looked for */
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
/** The beginning of a sequence at the end of a text; beyond such a length it is none. */
const INCOMPLETE_SEQUENCE =
  /(?:\x1b[ -/]{0,8}|(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]{0,4096}\x1b?)$/;
/** Clears the line: from the cursor on, up to it, or all of it. */
const CLEAR_LINE = /^(?:\x1b\[|\x9b)([0-2]?)K$/;
/** Moves the cursor within its line: to the right, to the left, to a column counted from 1. */
const MOVE_CURSOR = /^(?:\x1b\[|\x9b)(\d*)([CDG])$/;
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: these are what is looked for */

/** The screen after the text. Colours, titles and movements between lines are passed over. */
export function writeToScreen(screen: Screen, output: string): Screen {
  const input = screen.incompleteSequence + output;
  const rest = INCOMPLETE_SEQUENCE.exec(input)?.[0] ?? '';
  const text = input.slice(0, input.length - rest.length);
  const next = { ...screen, rest };
  let position = 0;
  for (const { 0: control, index } of text.matchAll(CONTROLS)) {
    putText(next, text.slice(position, index));
    applyControl(next, control);
    position = index + control.length;
  }
  putText(next, text.slice(position));
  return next;
}

/** All that a terminal would show of a text. */
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

/** What stands before a column, with spaces up to it. Of a sign that is cut in two a space stays. */
function lineBefore(line: string, column: number): string {
  const before = line.slice(0, column).padEnd(column);
  return isHighSurrogate(before.charCodeAt(column - 1)) ? `${before.slice(0, -1)} ` : before;
}

function lineFrom(line: string, column: number): string {
  const isCut = column > 0 && isHighSurrogate(line.charCodeAt(column - 1));
  return isCut ? ` ${line.slice(column + 1)}` : line.slice(column);
}

/** Whether it is the first half of a surrogate pair. */
const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;

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
