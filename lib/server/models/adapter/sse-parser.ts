/**
 * Parses server-sent events as endpoints really send them, and bodies that are not event streams.
 * No I/O.
 *
 * Beyond the standard, because servers and gateways need it:
 * - A `data` line that is one whole JSON object is an event by itself, so events may be separated
 *   by single line ends.
 * - A field `error` (older llama.cpp) is an event of that name.
 * - A line without a known field name is data: a bare JSON error in the stream, or a body that is
 *   one JSON document, plain text or a web page.
 */
import { parseTolerantJson } from './parse-tolerant-json';

export type SseEvent = {
  /** The event's `event` field; '' without one. */
  name: string;
  data: string;
  /** The parsed data; undefined if it is not JSON. */
  json: unknown;
};

export type SseParser = {
  /** Accepts any chunk of the text; calls `onEvent` for each event that it completes. */
  push(text: string): void;
  /** Ends the text: an event without its closing blank line is still delivered. */
  end(): void;
  /** Characters of the incomplete event. */
  readonly bufferedChars: number;
};

const IGNORED_FIELD = /^(?:event|id|retry)(?::|$)/;
const LINE_END = /\r\n|\n|\r/g;

/**
 * Lines end in LF, CRLF or CR, split anywhere; comments and a byte order mark are dropped; the
 * lines of one event are joined by LF. Time is linear in the length of the text; memory is bounded
 * by the longest event.
 */
export function createSseParser(onEvent: (event: SseEvent) => void): SseParser {
  let partialLine = '';
  /**
   * The lines of the incomplete event, joined only once: reading a string after each append would
   * copy it.
   */
  let pending: string[] | null = null;
  let pendingChars = 0;
  /** Whether they start as JSON that may span several lines; null while they are blank. */
  let startsAsJson: boolean | null = null;
  let name = '';
  let afterCr = false;
  let atStart = true;

  function handleLine(line: string): void {
    if (line === '') {
      dispatch();
      name = '';
    } else if (line.startsWith('data:')) {
      handleData(fieldValue(line));
    } else if (line === 'data') {
      handleData('');
    } else if (line.startsWith('event:')) {
      name = fieldValue(line).trim();
    } else if (line.startsWith('error:')) {
      dispatch();
      emit('error', fieldValue(line));
    } else if (line[0] !== ':' && !IGNORED_FIELD.test(line)) {
      handleData(line);
    }
  }

  function handleData(value: string): void {
    const text = value.trim();
    const isComplete = text === '[DONE]' || (text[0] === '{' && text.endsWith('}'));
    if (isComplete && startsAsJson !== true) {
      const json = parseTolerantJson(text);
      if (json !== undefined || text === '[DONE]') {
        dispatch();
        onEvent({ name, data: value, json });
        return;
      }
    }
    pending ??= [];
    pending.push(value);
    pendingChars += value.length + 1;
    if (text !== '') startsAsJson ??= text[0] === '{' || text[0] === '[';
  }

  function dispatch(): void {
    if (pending === null) return;
    const data = pending.join('\n');
    pending = null;
    pendingChars = 0;
    startsAsJson = null;
    emit(name, data);
  }

  function emit(eventName: string, data: string): void {
    onEvent({ name: eventName, data, json: parseTolerantJson(data) });
  }

  return {
    push(text) {
      if (text === '') return;
      let start = 0;
      if (atStart && text[0] === '\uFEFF') start = 1;
      // A CRLF split between two chunks must not count as two line ends.
      if (afterCr && text[0] === '\n') start = 1;
      atStart = false;
      afterCr = text.endsWith('\r');
      LINE_END.lastIndex = start;
      for (let end = LINE_END.exec(text); end; end = LINE_END.exec(text)) {
        const line = partialLine + text.slice(start, end.index);
        const next = LINE_END.lastIndex;
        partialLine = '';
        handleLine(line);
        start = next;
        LINE_END.lastIndex = next;
      }
      partialLine += text.slice(start);
    },
    end() {
      const line = partialLine;
      partialLine = '';
      if (line !== '') handleLine(line);
      dispatch();
    },
    get bufferedChars() {
      return partialLine.length + pendingChars;
    },
  };
}

function fieldValue(field: string): string {
  const start = field.indexOf(':') + 1;
  return field.slice(field[start] === ' ' ? start + 1 : start);
}
