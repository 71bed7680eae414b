/**
 * The browser's cursor on a run's log: pure, fed with the bytes of all connections.
 *
 * Invariant: over any number of connections, each line of the log is delivered exactly once and in
 * order. A line counts when its newline has arrived. The partial line of a broken connection is
 * dropped; the next connection repeats that line from its start.
 */
import { DeliveredState } from '@/lib/client/chat/stream/delivered-state';
import {
  formatLine,
  type Line,
  type LineCode,
  parseLine,
  splitLines,
  UNSAVED_LINE,
} from '@/lib/protocol/lines';
import type { StoredMessage } from '@/lib/protocol/messages';

/** Codes whose value is an array. Malformed values are dropped: they would break the page. */
const ARRAY_CODES = new Set<LineCode>(['2', '8']);
const STRING_CODES = new Set<LineCode>(['0', 'g', '3']);

export class StreamCursor {
  /** Number of non-blank log lines received: the `after` parameter of the next connection. */
  count = 0;
  /** True once the `d:` line has been delivered: the answer is complete. */
  done = false;
  /** True while the answer is complete but the server cannot save it. */
  unsaved = false;
  /** The finished message, if the page must replace the delivered content with it. */
  replacement: StoredMessage | undefined;

  private decoder = new TextDecoder();
  private partialLine = '';
  private readonly delivered = new DeliveredState();
  private isFirstLineAfterReconnect = false;
  private heldStepStart: Line | undefined;

  /** True once the run's end annotation has been delivered. */
  get hasRunEnded(): boolean {
    return this.delivered.hasRunEnded;
  }

  /** Starts a new connection: drops the partial line and the held line of the previous one. */
  connect(): void {
    if (this.heldStepStart) this.count -= 1;
    this.decoder = new TextDecoder();
    this.partialLine = '';
    this.heldStepStart = undefined;
    this.unsaved = false;
    this.isFirstLineAfterReconnect = this.count > 0;
  }

  /** Consumes bytes and returns the lines for useChat. */
  feed(bytes: Uint8Array): Line[] {
    const text = this.partialLine + this.decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    this.partialLine = text.slice(end);
    const lines: Line[] = [];
    for (const line of text.slice(0, end).split('\n')) {
      if (line === '' || this.done) continue;
      this.unsaved = `${line}\n` === UNSAVED_LINE;
      if (this.unsaved) continue;
      this.count += 1;
      const parsed = parseLine(line);
      if (parsed && isWellFormed(parsed)) this.receive(parsed, lines);
    }
    return lines;
  }

  private receive(line: Line, output: Line[]): void {
    // After a reconnection a start line may belong to the next step or only precede the finished
    // message. In the second case it has been delivered already.
    if (this.isFirstLineAfterReconnect && line.code === 'f') {
      this.heldStepStart = line;
      this.isFirstLineAfterReconnect = false;
      return;
    }
    this.isFirstLineAfterReconnect = false;
    const finished = line.code === '2' ? parseFinishedMessage(line.value) : undefined;
    if (this.heldStepStart && !finished) this.deliver(this.heldStepStart, output);
    this.heldStepStart = undefined;
    if (finished) this.deliverFinishedMessage(finished, line, output);
    else this.deliver(line, output);
  }

  private deliver(line: Line, output: Line[]): void {
    this.delivered.add(line);
    if (line.code === 'd') this.done = true;
    output.push(line);
  }

  /** useChat has no line for a whole message, so the message's missing lines are delivered. */
  private deliverFinishedMessage(message: StoredMessage, line: Line, output: Line[]): void {
    const others = (line.value as unknown[]).filter((event) => !isAppendMessage(event));
    if (others.length > 0) output.push({ code: '2', value: others });
    const missingLines = this.delivered.missingLines(message);
    if (missingLines === undefined) this.replacement = message;
    for (const text of splitLines(missingLines ?? formatLine('8', message.annotations))) {
      const parsed = parseLine(text);
      if (parsed) this.deliver(parsed, output);
    }
  }
}

function isWellFormed({ code, value }: Line): boolean {
  if (ARRAY_CODES.has(code)) return Array.isArray(value);
  return !STRING_CODES.has(code) || typeof value === 'string';
}

function isAppendMessage(event: unknown): event is { message: string } {
  const { type, message } = (event ?? {}) as Record<string, unknown>;
  return type === 'append-message' && typeof message === 'string';
}

function parseFinishedMessage(value: unknown): StoredMessage | undefined {
  const event = (value as unknown[]).find(isAppendMessage);
  if (!event) return undefined;
  try {
    return JSON.parse(event.message) as StoredMessage;
  } catch {
    return undefined;
  }
}
