/**
 * The browser's cursor on a run's log: pure, fed with bytes, whatever connection they came by.
 *
 * Invariant: over any number of connections, each of the log's lines is handed on exactly once and
 * in order. A line counts when its newline has arrived; what a broken connection left of a line is
 * dropped, for the next connection brings that line whole.
 */
import { DeliveredState, type ParsedLine } from '@/lib/client/chat/stream/delivered-state';
import { formatLine, parseLine, UNSAVED_LINE } from '@/lib/protocol/lines';
import type { StoredMessage } from '@/lib/protocol/messages';

/** Line codes that useChat understands; it throws at any other. */
const KNOWN_CODES = new Set([
  '0',
  '2',
  '3',
  '8',
  '9',
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'g',
  'h',
  'i',
  'j',
  'k',
]);
/** Of these the value is a list; a malformed one must not break the page. */
const ARRAY_CODES = new Set(['2', '8']);
const STRING_CODES = new Set(['0', 'g', '3']);

export class StreamCursor {
  /** Non-blank lines taken from the log: what `after` of the next connection is. */
  count = 0;
  /** True once the `d:` line has passed: the answer is all there. */
  done = false;
  /** True while all of the answer is there and the server cannot save it. */
  unsaved = false;
  /** A finished message that what was shown cannot grow into; the page must put it in its place. */
  replacement: StoredMessage | undefined;

  private decoder = new TextDecoder();
  private partialLine = '';
  private readonly delivered = new DeliveredState();
  private isFirstLineAfterReconnect = false;
  private heldStepStart: ParsedLine | undefined;

  /** True where the annotation that says how the run ended has passed. */
  get hasRunEnded(): boolean {
    return this.delivered.hasRunEnded;
  }

  /** A new connection begins: forgets the piece of a line, and the held line, the last one left. */
  connect(): void {
    if (this.heldStepStart) this.count -= 1;
    this.decoder = new TextDecoder();
    this.partialLine = '';
    this.heldStepStart = undefined;
    this.unsaved = false;
    this.isFirstLineAfterReconnect = this.count > 0;
  }

  /** Takes bytes and gives the lines that are for useChat. */
  feed(bytes: Uint8Array): ParsedLine[] {
    const text = this.partialLine + this.decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    this.partialLine = text.slice(end);
    const lines: ParsedLine[] = [];
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

  private receive(line: ParsedLine, output: ParsedLine[]): void {
    // After a reconnection a start line may belong to the next step, or only introduce the finished
    // message. In the second case the page has it already.
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

  private deliver(line: ParsedLine, output: ParsedLine[]): void {
    this.delivered.add(line);
    if (line.code === 'd') this.done = true;
    output.push(line);
  }

  /** useChat has no line for a whole message: it is told in the lines that are missing of it. */
  private deliverFinishedMessage(
    message: StoredMessage,
    line: ParsedLine,
    output: ParsedLine[],
  ): void {
    const others = (line.value as unknown[]).filter((event) => !isAppendMessage(event));
    if (others.length > 0) output.push({ code: '2', value: others });
    const missingLines = this.delivered.missingLines(message);
    if (!missingLines) this.replacement = message;
    for (const text of missingLines ?? [formatLine('8', message.annotations)]) {
      const parsed = parseLine(text);
      if (parsed) this.deliver(parsed, output);
    }
  }
}

function isWellFormed({ code, value }: ParsedLine): boolean {
  if (!KNOWN_CODES.has(code)) return false;
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
