import { closeSync, existsSync, fstatSync, renameSync, writeSync } from 'node:fs';
import { openPrivate } from '../lib/private-files';
import { warn } from '../lib/steps';

const PINO_WARN = 40;
const MAX_BYTES = 10_000_000;
/** Full files that are kept beside the one that is written: `app.log.1` is the newest of them. */
const MAX_ROTATED_FILES = 3;

/**
 * Where the server's output goes: all of it into a file that nobody else may read, and into the
 * terminal what the user should know of, warnings and errors, as sentences.
 *
 * Written synchronously, unlike by the libraries for this: what a server said before it crashed is in
 * the file when the next one starts, also where this process ends meanwhile.
 */
export function createAppLog(
  file: string,
  { maxBytes = MAX_BYTES } = {},
): (stream: 'stdout' | 'stderr', text: string) => void {
  const log = new RotatingFile(file, maxBytes);
  const partialLines = { stdout: '', stderr: '' };
  return (stream, text) => {
    log.write(text);
    const lines = (partialLines[stream] + text).split('\n');
    partialLines[stream] = lines.pop() ?? '';
    for (const line of lines) {
      const message = stream === 'stderr' ? line.trimEnd() : messageOf(line);
      if (message) warn(message);
    }
  };
}

class RotatingFile {
  #descriptor: number | null = null;
  #size = 0;
  #hasFailed = false;

  constructor(
    private readonly file: string,
    private readonly maxBytes: number,
  ) {}

  /** Adds the text. Where the disk refuses, a sentence in the terminal says so, once. */
  write(text: string): void {
    try {
      if (this.#size >= this.maxBytes) this.#rotate();
      this.#size += writeSync(this.#open(), text);
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) warn(`Cannot write the log: ${(error as Error).message}`);
      this.#hasFailed = true;
    }
  }

  #open(): number {
    if (this.#descriptor !== null) return this.#descriptor;
    const descriptor = openPrivate(this.file, 'a');
    this.#size = fstatSync(descriptor).size;
    this.#descriptor = descriptor;
    if (this.#size < this.maxBytes) return descriptor;
    this.#rotate();
    return this.#open();
  }

  #rotate(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    this.#size = 0;
    for (let age = MAX_ROTATED_FILES; age > 0; age--) {
      const younger = age === 1 ? this.file : `${this.file}.${age - 1}`;
      if (existsSync(younger)) renameSync(younger, `${this.file}.${age}`);
    }
  }
}

/** The message of a log line from level `warn` up; null for all else. */
function messageOf(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, err } = JSON.parse(line);
    if (typeof level !== 'number' || level < PINO_WARN) return null;
    return [msg, err?.message].filter(Boolean).join(': ') || null;
  } catch {
    return null;
  }
}
