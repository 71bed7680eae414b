import { clearLine, cursorTo } from 'node:readline';
import { setInterval } from 'node:timers';
import { explainFileError, type SystemError } from './file-errors';

/**
 * The list of steps in the terminal, one line each: name, result and duration. In an interactive
 * terminal the line of a running step counts its seconds; elsewhere a line appears when its step
 * has ended.
 */

const out = process.stdout;
const color = out.isTTY && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) =>
  color ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint(1);
export const dim = paint(2);
const plain = (text: string) => text;
const green = paint(32);
const yellow = paint(33);
const red = paint(31);

const NAME_WIDTH = 16;
const RESULT_WIDTH = 46;

const formatRow = (mark: string, name: string, result: string, seconds: string, style = plain) =>
  `  ${mark} ${name.padEnd(NAME_WIDTH)}${style(result.padEnd(RESULT_WIDTH))} ${dim(seconds)}`;

const secondsSince = (start: number) => `${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s`;

/** Result of a step; `warning` marks one that succeeded with a reservation. */
export type StepResult = string | { warning: string };

/**
 * Runs one step and prints its line.
 * @param runningText text while it runs
 * @param task resolves with the printed result and the return value
 */
export async function step<T>(
  name: string,
  runningText: string,
  task: () => Promise<{ result: StepResult; value: T }>,
): Promise<T> {
  const start = Date.now();
  // A wrapped line could not be overwritten.
  const animated = out.isTTY && (out.columns || 80) > NAME_WIDTH + RESULT_WIDTH + 14;
  const draw = (line: string) => {
    if (!animated) return;
    cursorTo(out, 0);
    clearLine(out, 0);
    out.write(line);
  };
  const drawRunning = () => draw(formatRow(dim('·'), name, runningText, secondsSince(start), dim));
  drawRunning();
  const timer = animated ? setInterval(drawRunning, 200) : null;
  const finish = (line: string) => {
    if (timer) clearInterval(timer);
    draw('');
    out.write(`${line}\n`);
  };
  try {
    const { result, value } = await task();
    const isWarning = typeof result === 'object';
    finish(
      formatRow(
        isWarning ? yellow('!') : green('✓'),
        name,
        isWarning ? result.warning : result,
        secondsSince(start),
      ),
    );
    return value;
  } catch (error) {
    if (error instanceof InterruptedError) finish(formatRow(dim('·'), name, 'interrupted', ''));
    else finish(formatRow(red('✗'), name, 'failed', secondsSince(start)));
    throw error;
  }
}

export function print(text = ''): void {
  out.write(`${text}\n`);
}

export function warn(text: string): void {
  out.write(`  ${yellow('!')} ${text}\n`);
}

/** Prints why the script failed, with a stack trace only for unexpected errors. */
export function printFailure(error: unknown): void {
  process.stderr.write(`\n${red('Stopped.')} ${failureMessage(error)}\n`);
}

function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UserError || error.name === 'ConfigError') return error.message;
  return explainFileError(error as SystemError) ?? error.stack ?? error.message;
}

/** An error that the user can fix; its message says how. */
export class UserError extends Error {}

/** The user or the system interrupted the script. */
export class InterruptedError extends Error {}
