/**
 * Tool calls as endpoints stream them, made into what the provider expects. Pure.
 *
 * - A missing id is made up, a missing or wrong type set, a missing index told from the order.
 * - Arguments stream on as they come, except the character that completes them and all after it:
 *   the provider would fire the call at that moment, though more may follow (`{}` first and the
 *   real arguments behind it). What is held goes out in `finish`.
 * - An empty text of arguments is `{}`; text behind complete arguments is dropped; arguments that
 *   were encoded twice are decoded once.
 */
import { createJsonObjectScanner, type JsonObjectScanner } from './json-scanner';

export type ToolCallStart = { index: number; id: string; name: string };

export type ToolCallSink = {
  start(call: ToolCallStart): void;
  args(index: number, text: string): void;
};

export type ToolCallReader = {
  /** Takes one entry of `delta.tool_calls`, whatever it holds. */
  push(delta: unknown): void;
  /**
   * The answer is over: sends what was held.
   * @returns the name of the first call whose arguments are no JSON object, or null.
   */
  finish(): { unreadable: string | null };
  /** Calls seen so far. */
  readonly count: number;
};

type Call = {
  index: number;
  id: string | null;
  name: string;
  started: boolean;
  /** Arguments given to the sink. */
  sent: string;
  /** What came and is not sent: from the character on that completes them, or all before `{`. */
  held: string;
  scanner: JsonObjectScanner;
};

type Delta = { index: number | null; id: string | null; name: string; args: string };

export function createToolCallReader(sink: ToolCallSink, makeId: () => string): ToolCallReader {
  const calls: Call[] = [];
  let current: Call | undefined;

  /** The call that a delta belongs to; a new one where it begins one. */
  function callOf(delta: Delta): Call {
    const known =
      delta.index === null ? current : calls.findLast((call) => call.index === delta.index);
    if (known && !beginsAnother(known, delta)) return known;
    // Indices given on are always 0, 1, 2, …: an endpoint may repeat one for several calls.
    return calls[calls.push(newCall(delta.index ?? calls.length)) - 1] as Call;
  }

  function addArgs(call: Call, text: string): void {
    const opens = call.sent !== '' || call.scanner.complete || startsObject(call.held + text);
    if (!opens) {
      call.held += text;
      return;
    }
    if (call.scanner.complete) {
      call.held += text;
      dropPlaceholder(call);
      return;
    }
    const waiting = call.held + text;
    const before = call.scanner.feed(waiting);
    const open = waiting.slice(0, before);
    call.held = waiting.slice(before);
    if (open !== '') {
      call.sent += open;
      sink.args(calls.indexOf(call), open);
    }
    if (call.held.length > 1) dropPlaceholder(call);
  }

  /** `{}` and then the real arguments: the first pair of braces was only a placeholder. */
  function dropPlaceholder(call: Call): void {
    const whole = (call.sent + call.held).trimStart();
    const rest = /^\{\s*\}\s*(\{[\s\S]*)$/.exec(whole)?.[1];
    if (rest === undefined) return;
    call.scanner = createJsonObjectScanner();
    call.held = '';
    // A brace that went out already stands for the one that opens the real arguments.
    const opened = call.sent.includes('{');
    call.sent = opened ? '{' : '';
    if (opened) call.scanner.feed('{');
    addArgs(call, opened ? rest.slice(1) : rest);
  }

  return {
    push(value) {
      const delta = readDelta(value);
      if (!delta) return;
      const call = callOf(delta);
      current = call;
      call.id ??= delta.id;
      if (!call.started) call.name += delta.name;
      if (!call.started && call.name !== '') {
        call.started = true;
        call.id ??= makeId();
        sink.start({ index: calls.indexOf(call), id: call.id, name: call.name });
        addArgs(call, delta.args);
      } else if (call.started) {
        addArgs(call, delta.args);
      } else {
        call.held += delta.args;
      }
    },
    finish() {
      let unreadable: string | null = null;
      for (const call of calls) {
        const rest = remainingArgs(call);
        if (rest === null) unreadable ??= call.name;
        else if (rest !== '') sink.args(calls.indexOf(call), rest);
      }
      return { unreadable };
    },
    get count() {
      return calls.length;
    },
  };
}

function newCall(index: number): Call {
  const scanner = createJsonObjectScanner();
  return { index, id: null, name: '', started: false, sent: '', held: '', scanner };
}

/** Several whole calls under one index, or under none, as some servers send them. */
function beginsAnother(known: Call, delta: Delta): boolean {
  if (delta.name === '') return false;
  if (delta.id !== null && known.id !== null) return delta.id !== known.id;
  return known.scanner.complete;
}

function startsObject(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** What is still to be sent of a call's arguments; null where they are no JSON object. */
function remainingArgs(call: Call): string | null {
  if (!call.started) return null;
  if (call.sent === '') {
    const text = call.held.trim();
    if (text === '' || text === 'null') return '{}';
    const inner = text.startsWith('"') ? parsedString(text) : null;
    if (inner !== null) return isJsonObject(inner) ? inner : null;
  }
  for (const held of [call.held, call.held.slice(0, 1)]) {
    if (isJsonObject(call.sent + held)) return held;
  }
  return null;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The string that a JSON text stands for: arguments that were encoded twice. */
function parsedString(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function readDelta(value: unknown): Delta | null {
  if (typeof value !== 'object' || value === null) return null;
  const { index, id, function: called } = value as Record<string, unknown>;
  const { name, arguments: args } = (called ?? {}) as Record<string, unknown>;
  return {
    index: typeof index === 'number' && index >= 0 ? index : null,
    id: typeof id === 'string' && id !== '' ? id : null,
    name: typeof name === 'string' ? name : '',
    args: typeof args === 'string' ? args : args == null ? '' : JSON.stringify(args),
  };
}
