import { closeSync, existsSync, fstatSync, renameSync, writeSync } from 'node:fs';
import { openPrivate } from '../lib/private-files';
import { warn } from '../lib/steps';

const PINO_WARN = 40;
const MAX_BYTES = 10_000_000;
/** Rotated files next to the current one: `app.log.1` is the newest of them. */
const MAX_ROTATED_FILES = 3;

/**
 * Returns a handler for the server's output: all of it goes into a file that only its owner may
 * read; warnings and errors also go to the terminal, as sentences.
 *
 * Written synchronously, unlike with logging libraries: the last output before a crash is in the
 * file when the next server starts, even if this process ends meanwhile.
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

  /** Appends the text. A write error is reported in the terminal, once until a write succeeds. */
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
      const newer = age === 1 ? this.file : `${this.file}.${age - 1}`;
      if (existsSync(newer)) renameSync(newer, `${this.file}.${age}`);
    }
  }
}

/** The message of a log line of level `warn` or above; null for other lines. */
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
