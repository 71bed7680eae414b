/**
 * Tool calls from the deltas that endpoints stream, whose ids, types, names and indices may be missing,
 * repeated or wrong. Pure.
 */
import type { JsonMeter } from '@/lib/json-limits';
import { createArgumentsMeter, isTooComplex } from './json-depth';
import { createShownArguments, type ShownArguments } from './shown-arguments';
import { readToolArguments } from './tool-arguments';

export type ToolCall = { id: string; name: string; args: string };

export type ToolCallReader = {
  /** Takes one entry of `delta.tool_calls`, whatever it holds. */
  push(delta: unknown): void;
  /**
   * The answer is over. A call is never taken for complete before: its arguments may be valid JSON
   * and go on nevertheless.
   * @returns the calls, with arguments as they came where they are no JSON object, and the name of the
   *   first such one, or null.
   */
  finish(): { calls: ToolCall[]; unreadable: string | null };
  /** Calls seen so far. */
  readonly count: number;
  /** Characters of their arguments so far. */
  readonly chars: number;
};

export type ToolCallReaderOptions = {
  /** A piece of a call's arguments, maybe empty; with the first one the call begins. */
  onArgs: (call: { id: string; name: string }, text: string) => void;
  makeId: () => string;
};

type Call = {
  /** As the endpoint counts, which need not be from 0 or without repeats; several for one call. */
  indices: Set<number>;
  /** The endpoint's id, and the one that is used. */
  givenId: string | null;
  id: string | null;
  name: string;
  args: string;
  meter: JsonMeter;
  /** Whether the arguments may be whole: all is closed, the last thing by a brace. */
  mayBeComplete: boolean;
  /** They were closed and are no arguments: nothing behind them makes them any. */
  isBroken: boolean;
  shown: ShownArguments;
  begun: boolean;
};

type Delta = { index: number | null; id: string | null; name: string; args: string };

/**
 * Calls that one answer may make. One more of each of the model's turns is passed on, for the tools to
 * say that it is too many (lib/tools); whatever is called behind that one is dropped.
 */
export const MAX_TOOL_CALLS = 32;

/** No tool of ours has a longer name; one that a model makes up is repeated in errors. */
const MAX_NAME_CHARS = 200;
/** Arguments that are too deep to be read are kept up to here, for the model to see its mistake. */
const MAX_DEEP_CHARS = 1_000;

export function createToolCallReader({ onArgs, makeId }: ToolCallReaderOptions): ToolCallReader {
  const calls: Call[] = [];
  /** Null: a call that is dropped. */
  let current: Call | null | undefined;
  let chars = 0;

  /** The call that a delta belongs to; a new one where it begins one; null where it is dropped. */
  function callOf(delta: Delta): Call | null {
    const { index, id } = delta;
    const known =
      (id !== null && calls.findLast((call) => call.givenId === id)) ||
      (index === null ? current : calls.findLast((call) => call.indices.has(index)));
    if (known && !beginsAnother(known, delta)) {
      if (index !== null && known.indices.size < MAX_TOOL_CALLS) known.indices.add(index);
      return known;
    }
    if (calls.length > MAX_TOOL_CALLS) return null;
    const call: Call = {
      indices: new Set([index ?? calls.length]),
      givenId: null,
      id: null,
      name: '',
      args: '',
      meter: createArgumentsMeter(),
      mayBeComplete: false,
      isBroken: false,
      shown: createShownArguments(),
      begun: false,
    };
    calls.push(call);
    return call;
  }

  /** The endpoint's id; one of ours where there is none, or another call has it. */
  function idFor(given: string): string {
    return !calls.some(({ id }) => id === given) ? given : makeId();
  }

  return {
    push(value) {
      const delta = readDelta(value);
      if (!delta) return;
      const call = callOf(delta);
      current = call;
      if (call === null) return;
      if (delta.id !== null && call.givenId === null) {
        call.id ??= idFor(delta.id);
        call.givenId = delta.id;
      }
      const args = newArguments(call.args, delta.args);
      takeArguments(call, args);
      chars += args.length;
      if (!call.begun) call.name += delta.name;
      if (call.name === '') return;
      call.id ??= makeId();
      const text = call.shown.push(call.begun ? args : call.args);
      if (text !== '' || !call.begun) onArgs({ id: call.id, name: call.name }, text);
      call.begun = true;
    },
    finish() {
      const finished: ToolCall[] = [];
      let unreadable: string | null = null;
      for (const { id, name, args, shown } of calls) {
        const read = readToolArguments(args);
        const isNamed = id !== null && name !== '';
        if (!isNamed || read === null) unreadable ??= name;
        if (!isNamed) continue;
        const rest = shown.flush();
        if (rest !== '') onArgs({ id, name }, rest);
        const asCame = isTooComplex(args) ? args.slice(0, MAX_DEEP_CHARS) : args;
        finished.push({ id, name, args: read ?? asCame });
      }
      return { calls: finished, unreadable };
    },
    get count() {
      return calls.length;
    },
    get chars() {
      return chars;
    },
  };
}

/**
 * Several whole calls under one index, under one id, or under neither, as some servers send them. A name
 * alone begins no other call: some servers repeat it with every fragment.
 */
function beginsAnother(known: Call, delta: Delta): boolean {
  if (delta.name === '') return false;
  const sameId = delta.id !== null && delta.id === known.givenId;
  if (delta.id !== null && known.givenId !== null && !sameId) return true;
  if (known.name !== '' && delta.name !== known.name) return isComplete(known);
  const args = delta.args.trim();
  if (!args.startsWith('{') || !isComplete(known) || EMPTY_OBJECT.test(known.args)) return false;
  if (!sameId) return true;
  // One id for different calls: a call that is only sent twice is one call.
  const isNewIndex = delta.index !== null && !known.indices.has(delta.index);
  return isNewIndex && args !== known.args.trim() && readToolArguments(args) !== null;
}

/** What a fragment adds. Some servers send all arguments so far: no JSON begins twice. */
function newArguments(before: string, given: string): string {
  // The lengths first: to look into what was put together of many pieces costs its whole length.
  const isSnapshot =
    given.length >= before.length && before.startsWith('{') && given.startsWith(before);
  return isSnapshot ? given.slice(before.length) : given;
}

/** A placeholder: the arguments are still to come. */
const EMPTY_OBJECT = /^\s*\{\s*\}\s*$/;

function takeArguments(call: Call, piece: string): void {
  call.args += piece;
  const { isClosed } = call.meter.push(piece);
  const end = piece.trimEnd();
  call.mayBeComplete = isClosed && (end === '' ? call.mayBeComplete : end.endsWith('}'));
}

/** Reads the arguments only where they may be whole: with every piece, that would be quadratic. */
function isComplete(call: Call): boolean {
  if (!call.mayBeComplete || call.isBroken) return false;
  call.isBroken = readToolArguments(call.args) === null;
  return !call.isBroken;
}

function readDelta(value: unknown): Delta | null {
  if (typeof value !== 'object' || value === null) return null;
  const { index, id, function: called } = value as Record<string, unknown>;
  if (typeof called !== 'object' || called === null) return null;
  const { name, arguments: args } = called as Record<string, unknown>;
  return {
    index: typeof index === 'number' && index >= 0 ? index : null,
    id: typeof id === 'string' && id !== '' ? id : null,
    name: typeof name === 'string' ? name.slice(0, MAX_NAME_CHARS).replaceAll('\0', '') : '',
    args: typeof args === 'string' ? args : args == null ? '' : written(args),
  };
}

/** Arguments that came as a value; `[` where they are nested deeper than can be written. */
function written(args: unknown): string {
  try {
    return JSON.stringify(args);
  } catch {
    return '[';
  }
}
