/** What a terminal makes of a text: a cursor that goes back in its line, and writes over what is there. */

export type Screen = {
  /** The lines that are done, and the one that the cursor is in. */
  done: string;
  line: string;
  /** Where in its line the cursor is. */
  column: number;
  /** The beginning of an escape sequence whose end has not come yet. */
  rest: string;
};

/**
 * A line wraps here, as in a terminal: a cursor goes back to the beginning of its last row. So what one
 * control costs does not grow with the line.
 */
const ROW_CHARS = 2_000;

export const EMPTY_SCREEN: Screen = { done: '', line: '', column: 0, rest: '' };

/** How far to the right a sequence may move the cursor by itself: the width of a wide terminal. */
const MAX_COLUMN = 250;

/*
 * The sequences of ECMA-48, with ESC or with the one character that may stand for it and its next one:
 * CSI (colours, movements); OSC, DCS, SOS, PM and APC, which hold a text up to BEL or ST (titles,
 * links); and those of ESC and one sign. One that is broken off by a line feed is none: only its
 * introducer is passed over. No text goes past the next introducer: each is looked at once.
 */
/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are what is looked for */
const CSI = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/;
const TEXT =
  /(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)/;
const ESCAPE = /\x1b[ -/]*[0-~]/;
const CONTROL = /[\x00-\x08\n-\x1f\x7f-\x9f]/;
const CONTROLS = new RegExp(
  [CSI, TEXT, ESCAPE, CONTROL].map(({ source }) => source).join('|'),
  'g',
);
/** The beginning of a sequence at the end of a text; beyond such a length it is none. */
const OPEN_SEQUENCE =
  /(?:\x1b[ -/]{0,8}|(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}|(?:\x1b[P\]X^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]{0,4096}\x1b?)$/;
/** Clears the line: from the cursor on, up to it, or all of it. */
const CLEAR_LINE = /^(?:\x1b\[|\x9b)([0-2]?)K$/;
/** Moves the cursor within its line: to the right, to the left, to a column counted from 1. */
const MOVE = /^(?:\x1b\[|\x9b)(\d*)([CDG])$/;
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: these are what is looked for */

/** The screen after the text. Colours, titles and movements between lines are passed over. */
export function write(screen: Screen, written: string): Screen {
  const all = screen.rest + written;
  const rest = OPEN_SEQUENCE.exec(all)?.[0] ?? '';
  const text = all.slice(0, all.length - rest.length);
  const next = { ...screen, rest };
  let at = 0;
  for (const { 0: control, index } of text.matchAll(CONTROLS)) {
    put(next, text.slice(at, index));
    act(next, control);
    at = index + control.length;
  }
  put(next, text.slice(at));
  return next;
}

/** All that a terminal would show of a text. */
export function shownOf(text: string): string {
  const { done, line } = write(EMPTY_SCREEN, text);
  return done + line;
}

function put(screen: Screen, text: string): void {
  if (text === '') return;
  const { line, column } = screen;
  const end = column + text.length;
  const whole = upTo(line, column) + text + from(line, end);
  const rows = Math.floor(Math.max(0, whole.length - 1) / ROW_CHARS) * ROW_CHARS;
  const row = isHigh(whole.charCodeAt(rows - 1)) ? rows - 1 : rows;
  screen.done += whole.slice(0, row);
  screen.line = whole.slice(row);
  screen.column = Math.max(0, end - row);
}

/** What stands before a column, with spaces up to it. Of a sign that is cut in two a space stays. */
function upTo(line: string, column: number): string {
  const before = line.slice(0, column).padEnd(column);
  return isHigh(before.charCodeAt(column - 1)) ? `${before.slice(0, -1)} ` : before;
}

function from(line: string, column: number): string {
  const isCut = column > 0 && isHigh(line.charCodeAt(column - 1));
  return isCut ? ` ${line.slice(column + 1)}` : line.slice(column);
}

/** Whether it is the first half of a surrogate pair. */
const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff;

function act(screen: Screen, control: string): void {
  if (control === '\r') screen.column = 0;
  else if (control === '\b') screen.column = Math.max(0, screen.column - 1);
  else if (control === '\n' || control === '\v' || control === '\f') {
    screen.done += `${screen.line}\n`;
    screen.line = '';
    screen.column = 0;
  } else {
    const cleared = CLEAR_LINE.exec(control)?.[1];
    if (cleared !== undefined) clear(screen, cleared);
    const [, count, way] = MOVE.exec(control) ?? [];
    if (way) move(screen, Math.max(1, Number(count)), way);
  }
}

function clear(screen: Screen, what: string): void {
  const { line, column } = screen;
  if (what === '2') screen.line = '';
  else if (what === '1')
    screen.line = ' '.repeat(Math.min(column, line.length)) + from(line, column);
  else screen.line = upTo(line, Math.min(column, line.length));
}

function move(screen: Screen, count: number, way: string): void {
  const { column } = screen;
  if (way === 'D') screen.column = Math.max(0, column - count);
  else if (way === 'C') screen.column = Math.max(column, Math.min(column + count, MAX_COLUMN));
  else screen.column = Math.min(count - 1, MAX_COLUMN);
}
