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

export const EMPTY_SCREEN: Screen = { done: '', line: '', column: 0, rest: '' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /\x1b\[[0-9;?]*[ -/]*[@-~]|[\b\r\n]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const OPEN_SEQUENCE = /\x1b(?:\[[0-9;? -/]{0,30})?$/;
/** Clears the line: from the cursor on, up to it, or all of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CLEAR_LINE = /^\x1b\[([0-2]?)K$/;

/** The screen after the text. Colours and movements between lines are passed over. */
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

function put(screen: Screen, text: string): void {
  if (text === '') return;
  const { line, column } = screen;
  const end = column + text.length;
  screen.line = line.slice(0, column).padEnd(column) + text + line.slice(end);
  screen.column = end;
}

function act(screen: Screen, control: string): void {
  if (control === '\r') screen.column = 0;
  else if (control === '\b') screen.column = Math.max(0, screen.column - 1);
  else if (control === '\n') {
    screen.done += `${screen.line}\n`;
    screen.line = '';
    screen.column = 0;
  } else {
    const cleared = CLEAR_LINE.exec(control)?.[1];
    if (cleared === '2') screen.line = '';
    else if (cleared === '1')
      screen.line = ' '.repeat(screen.column) + screen.line.slice(screen.column);
    else if (cleared !== undefined) screen.line = screen.line.slice(0, screen.column);
  }
}
