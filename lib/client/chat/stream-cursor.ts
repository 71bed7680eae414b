/**
 * The browser's cursor on a run's log: pure, fed with bytes, whatever connection they came by.
 *
 * Invariant: over any number of connections, each of the log's lines is handed on exactly once and
 * in order. A line counts when its newline has arrived; what a broken connection left of a line is
 * dropped, for the next connection brings that line whole.
 */
import { type ParsedLine, Shown } from '@/lib/client/chat/shown';
import { formatLine, NOT_SAVED_LINE, parseLine } from '@/lib/protocol/lines';
import type { StoredMessage } from '@/lib/protocol/messages';

/** Line codes that useChat understands; it throws at any other. */
const KNOWN = new Set([
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
const LISTS = new Set(['2', '8']);
const TEXTS = new Set(['0', 'g', '3']);

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
  private rest = '';
  private readonly shown = new Shown();
  private reconnected = false;
  private heldStart: ParsedLine | undefined;

  /** True where the annotation that says how the run ended has passed. */
  get ended(): boolean {
    return this.shown.ended;
  }

  /** A new connection begins: forgets the piece of a line, and the held line, the last one left. */
  connect(): void {
    if (this.heldStart) this.count -= 1;
    this.decoder = new TextDecoder();
    this.rest = '';
    this.heldStart = undefined;
    this.unsaved = false;
    this.reconnected = this.count > 0;
  }

  /** Takes bytes and gives the lines that are for useChat. */
  feed(bytes: Uint8Array): ParsedLine[] {
    const text = this.rest + this.decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    this.rest = text.slice(end);
    const lines: ParsedLine[] = [];
    for (const line of text.slice(0, end).split('\n')) {
      if (line === '' || this.done) continue;
      this.unsaved = `${line}\n` === NOT_SAVED_LINE;
      if (this.unsaved) continue;
      this.count += 1;
      const parsed = parseLine(line);
      if (parsed && isSound(parsed)) this.take(parsed, lines);
    }
    return lines;
  }

  private take(line: ParsedLine, out: ParsedLine[]): void {
    // After a reconnection a start line may belong to the next step, or only introduce the finished
    // message. In the second case the page has it already.
    if (this.reconnected && line.code === 'f') {
      this.heldStart = line;
      this.reconnected = false;
      return;
    }
    this.reconnected = false;
    const finished = line.code === '2' ? finishedMessage(line.value) : undefined;
    if (this.heldStart && !finished) this.pass(this.heldStart, out);
    this.heldStart = undefined;
    if (finished) this.complete(finished, line, out);
    else this.pass(line, out);
  }

  private pass(line: ParsedLine, out: ParsedLine[]): void {
    this.shown.add(line);
    if (line.code === 'd') this.done = true;
    out.push(line);
  }

  /** useChat has no line for a whole message: it is told in the lines that are missing of it. */
  private complete(message: StoredMessage, line: ParsedLine, out: ParsedLine[]): void {
    const others = (line.value as unknown[]).filter((event) => !isAppendMessage(event));
    if (others.length > 0) out.push({ code: '2', value: others });
    const missing = this.shown.remainder(message);
    if (!missing) this.replacement = message;
    for (const text of missing ?? [formatLine('8', message.annotations)]) {
      const parsed = parseLine(text);
      if (parsed) this.pass(parsed, out);
    }
  }
}

function isSound({ code, value }: ParsedLine): boolean {
  if (!KNOWN.has(code)) return false;
  if (LISTS.has(code)) return Array.isArray(value);
  return !TEXTS.has(code) || typeof value === 'string';
}

function isAppendMessage(event: unknown): event is { message: string } {
  const { type, message } = (event ?? {}) as Record<string, unknown>;
  return type === 'append-message' && typeof message === 'string';
}

function finishedMessage(value: unknown): StoredMessage | undefined {
  const event = (value as unknown[]).find(isAppendMessage);
  if (!event) return undefined;
  try {
    return JSON.parse(event.message) as StoredMessage;
  } catch {
    return undefined;
  }
}
