/**
 * The log of one run: an ordered list of frames, each one or more whole data stream lines. One
 * writer appends; any number of readers hold a cursor, which is a number of lines.
 *
 * Invariants: a frame never changes once appended; nothing is appended after `end()`; whoever reads
 * the same cursor twice reads the same bytes.
 */

type Frame = {
  bytes: Uint8Array;
  /** Number of the frame's first line, from 0. */
  firstLine: number;
  lineCount: number;
};

const encoder = new TextEncoder();
const NEWLINE = 10;
/** What a reader gets at a time. */
const MAX_CHUNK_BYTES = 262_144;

/** Where a reader stands: before line `line`, which is the first of frame `frame` or later. */
export type Cursor = { frame: number; line: number };

/** What ends a reader's stream early: registers its end, and returns what takes that back. */
export type EndTrigger = (end: () => void) => () => void;

export class RunLog {
  private readonly frames: Frame[] = [];
  private readonly callbacks = new Set<() => void>();
  private lineTotal = 0;
  private byteTotal = 0;
  private isEnded = false;
  private isUnsaved = false;

  /** Lines so far. */
  get lines(): number {
    return this.lineTotal;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.byteTotal;
  }

  get ended(): boolean {
    return this.isEnded;
  }

  /** True while all has been said and the message cannot be saved. */
  get unsaved(): boolean {
    return this.isUnsaved;
  }

  /** @param text one or more whole lines, each with its newline, none of them blank. */
  append(text: string): void {
    if (this.isEnded) throw new Error('A run log that has ended takes no more lines');
    const bytes = encoder.encode(text);
    const lineCount = countNewlines(bytes);
    this.frames.push({ bytes, firstLine: this.lineTotal, lineCount });
    this.lineTotal += lineCount;
    this.byteTotal += bytes.length;
    this.isUnsaved = false;
    this.notify();
  }

  /** Has readers told that the message waits to be saved. It is no line of the log. */
  markUnsaved(): void {
    this.isUnsaved = true;
    this.notify();
  }

  end(): void {
    this.isEnded = true;
    this.notify();
  }

  /** The cursor behind the first `after` lines, or behind all there are so far. */
  cursorAfter(after: number): Cursor {
    const line = Math.max(0, Math.min(after, this.lineTotal));
    let low = 0;
    let high = this.frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const frame = this.frames[middle] as Frame;
      if (frame.firstLine + frame.lineCount <= line) low = middle + 1;
      else high = middle;
    }
    return { frame: low, line };
  }

  /**
   * What follows the cursor, in one piece of `MAX_PIECE_BYTES` or a single frame, and moves the cursor
   * behind it: a reader that does not take it holds no more than that. Null: nothing new.
   */
  read(cursor: Cursor): Uint8Array | null {
    const first = this.frames[cursor.frame];
    if (!first) return null;
    const skipped = skipLines(first.bytes, cursor.line - first.firstLine);
    const chunks = [skipped];
    let size = skipped.length;
    let next = cursor.frame + 1;
    for (; next < this.frames.length; next++) {
      const { bytes } = this.frames[next] as Frame;
      if (size + bytes.length > MAX_CHUNK_BYTES) break;
      chunks.push(bytes);
      size += bytes.length;
    }
    cursor.frame = next;
    cursor.line = this.frames[next]?.firstLine ?? this.lineTotal;
    return chunks.length === 1 ? skipped : concat(chunks, size);
  }

  /** Calls back once, at the next append or end. Returns what takes the call back. */
  onceChanged(callback: () => void): () => void {
    this.callbacks.add(callback);
    return () => this.callbacks.delete(callback);
  }

  /** The whole log as text. */
  text(): string {
    const decoder = new TextDecoder();
    return this.frames.map((frame) => decoder.decode(frame.bytes)).join('');
  }

  private notify(): void {
    const callbacks = [...this.callbacks];
    this.callbacks.clear();
    for (const callback of callbacks) callback();
  }
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let i = bytes.indexOf(NEWLINE); i !== -1; i = bytes.indexOf(NEWLINE, i + 1)) count++;
  return count;
}

function skipLines(bytes: Uint8Array, count: number): Uint8Array {
  let start = 0;
  for (let i = 0; i < count; i++) start = bytes.indexOf(NEWLINE, start) + 1;
  return start === 0 ? bytes : bytes.subarray(start);
}

function concat(chunks: Uint8Array[], size: number): Uint8Array {
  const result = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.length;
  }
  return result;
}
