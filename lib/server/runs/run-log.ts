/**
 * The log of one run: an ordered list of frames, each one or more whole data stream lines. One
 * writer appends; any number of readers hold a cursor, which is a number of lines.
 *
 * Invariants: a frame never changes once appended; nothing is appended after `end()`; reading lines
 * again yields the same bytes.
 */

import { MAX_READ_BYTES } from '@/lib/protocol/latency';

type Frame = {
  bytes: Uint8Array;
  /** Number of the frame's first line, from 0. */
  firstLine: number;
  lineCount: number;
};

const encoder = new TextEncoder();
const NEWLINE = 10;

/** A reader's position: before line `line`, which is in frame `frame`. */
export type Cursor = { frame: number; line: number };

/**
 * Ends a reader's stream early: registers a callback that ends it. Returns an unsubscribe function.
 */
export type EndTrigger = (end: () => void) => () => void;

export class RunLog {
  private readonly frames: Frame[] = [];
  private readonly callbacks = new Set<() => void>();
  private lineTotal = 0;
  private byteTotal = 0;
  private isEnded = false;
  private isUnsaved = false;

  /** Number of lines so far. */
  get lines(): number {
    return this.lineTotal;
  }

  /** Number of bytes so far. */
  get bytes(): number {
    return this.byteTotal;
  }

  get ended(): boolean {
    return this.isEnded;
  }

  /** True while the answer is complete but its message cannot be saved. */
  get unsaved(): boolean {
    return this.isUnsaved;
  }

  /** @param text one or more whole lines, each with its newline, none of them blank. */
  append(text: string): void {
    if (this.isEnded) throw new Error('The run log has ended and accepts no more lines');
    const bytes = encoder.encode(text);
    const lineCount = countNewlines(bytes);
    this.frames.push({ bytes, firstLine: this.lineTotal, lineCount });
    this.lineTotal += lineCount;
    this.byteTotal += bytes.length;
    this.isUnsaved = false;
    this.notify();
  }

  /** Notifies readers that the message is not saved yet. Adds no line to the log. */
  markUnsaved(): void {
    this.isUnsaved = true;
    this.notify();
  }

  end(): void {
    this.isEnded = true;
    this.notify();
  }

  /** Returns the cursor after the first `after` lines, or after all lines if there are fewer. */
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
   * Returns the frames after the cursor, up to `MAX_READ_BYTES` or a single larger frame, and
   * advances the cursor. Null if there is nothing new. The limit bounds the memory that a slow
   * reader holds.
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
      if (size + bytes.length > MAX_READ_BYTES) break;
      chunks.push(bytes);
      size += bytes.length;
    }
    cursor.frame = next;
    cursor.line = this.frames[next]?.firstLine ?? this.lineTotal;
    return chunks.length === 1 ? skipped : concat(chunks, size);
  }

  /** Calls back once, at the next change. Returns an unsubscribe function. */
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
