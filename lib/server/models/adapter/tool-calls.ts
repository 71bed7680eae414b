/**
 * Tool calls from the deltas that endpoints stream, whose ids, types, names and indices may be missing,
 * repeated or wrong. Pure.
 */
import type { JsonMeter } from '@/lib/server/limits/json-limits';
import { type ArgumentsPreview, createArgumentsPreview } from './arguments-preview';
import { createArgumentsMeter, isTooComplex } from './endpoint-json';
import { parseToolArguments } from './tool-arguments';

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
  finish(): { calls: ToolCall[]; unparsableName: string | null };
  /** Calls seen so far. */
  readonly count: number;
  /** Characters of their arguments so far. */
  readonly chars: number;
};

export type ToolCallReaderOptions = {
  /** A piece of a call's arguments, maybe empty; with the first one the call begins. */
  onArgs: (call: { id: string; name: string }, text: string) => void;
  createId: () => string;
};

type PendingCall = {
  /** As the endpoint counts, which need not be from 0 or without repeats; several for one call. */
  indices: Set<number>;
  /** The endpoint's id, and the one that is used. */
  endpointId: string | null;
  id: string | null;
  name: string;
  args: string;
  meter: JsonMeter;
  /** Whether the arguments may be whole: all is closed, the last thing by a brace. */
  mayBeComplete: boolean;
  /** They were closed and are no arguments: nothing behind them makes them any. */
  isBroken: boolean;
  preview: ArgumentsPreview;
  hasStarted: boolean;
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
const MAX_UNPARSED_CHARS = 1_000;

export function createToolCallReader({ onArgs, createId }: ToolCallReaderOptions): ToolCallReader {
  const calls: PendingCall[] = [];
  /** Null: a call that is dropped. */
  let current: PendingCall | null | undefined;
  let chars = 0;

  /** The call that a delta belongs to; a new one where it begins one; null where it is dropped. */
  function findOrCreateCall(delta: Delta): PendingCall | null {
    const { index, id } = delta;
    const existing =
      (id !== null && calls.findLast((call) => call.endpointId === id)) ||
      (index === null ? current : calls.findLast((call) => call.indices.has(index)));
    if (existing && !startsNewCall(existing, delta)) {
      if (index !== null && existing.indices.size < MAX_TOOL_CALLS) existing.indices.add(index);
      return existing;
    }
    if (calls.length > MAX_TOOL_CALLS) return null;
    const call: PendingCall = {
      indices: new Set([index ?? calls.length]),
      endpointId: null,
      id: null,
      name: '',
      args: '',
      meter: createArgumentsMeter(),
      mayBeComplete: false,
      isBroken: false,
      preview: createArgumentsPreview(),
      hasStarted: false,
    };
    calls.push(call);
    return call;
  }

  /** The endpoint's id; one of ours where there is none, or another call has it. */
  function idFor(endpointId: string): string {
    return !calls.some(({ id }) => id === endpointId) ? endpointId : createId();
  }

  return {
    push(value) {
      const delta = readDelta(value);
      if (!delta) return;
      const call = findOrCreateCall(delta);
      current = call;
      if (call === null) return;
      if (delta.id !== null && call.endpointId === null) {
        call.id ??= idFor(delta.id);
        call.endpointId = delta.id;
      }
      const args = addedArguments(call.args, delta.args);
      appendArguments(call, args);
      chars += args.length;
      if (!call.hasStarted) call.name += delta.name;
      if (call.name === '') return;
      call.id ??= createId();
      const text = call.preview.push(call.hasStarted ? args : call.args);
      if (text !== '' || !call.hasStarted) onArgs({ id: call.id, name: call.name }, text);
      call.hasStarted = true;
    },
    finish() {
      const finished: ToolCall[] = [];
      let unparsableName: string | null = null;
      for (const { id, name, args, preview } of calls) {
        const parsed = parseToolArguments(args);
        const isNamed = id !== null && name !== '';
        if (!isNamed || parsed === null) unparsableName ??= name;
        if (!isNamed) continue;
        const tail = preview.flush();
        if (tail !== '') onArgs({ id, name }, tail);
        const raw = isTooComplex(args) ? args.slice(0, MAX_UNPARSED_CHARS) : args;
        finished.push({ id, name, args: parsed ?? raw });
      }
      return { calls: finished, unparsableName };
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
function startsNewCall(existing: PendingCall, delta: Delta): boolean {
  if (delta.name === '') return false;
  const sameId = delta.id !== null && delta.id === existing.endpointId;
  if (delta.id !== null && existing.endpointId !== null && !sameId) return true;
  if (existing.name !== '' && delta.name !== existing.name) return isComplete(existing);
  const args = delta.args.trim();
  if (!args.startsWith('{') || !isComplete(existing) || EMPTY_OBJECT.test(existing.args))
    return false;
  if (!sameId) return true;
  // One id for different calls: a call that is only sent twice is one call.
  const isNewIndex = delta.index !== null && !existing.indices.has(delta.index);
  return isNewIndex && args !== existing.args.trim() && parseToolArguments(args) !== null;
}

/** What a fragment adds. Some servers send all arguments so far: no JSON begins twice. */
function addedArguments(soFar: string, received: string): string {
  // The lengths first: to look into what was put together of many pieces costs its whole length.
  const isSnapshot =
    received.length >= soFar.length && soFar.startsWith('{') && received.startsWith(soFar);
  return isSnapshot ? received.slice(soFar.length) : received;
}

/** A placeholder: the arguments are still to come. */
const EMPTY_OBJECT = /^\s*\{\s*\}\s*$/;

function appendArguments(call: PendingCall, chunk: string): void {
  call.args += chunk;
  const { isClosed } = call.meter.push(chunk);
  const end = chunk.trimEnd();
  call.mayBeComplete = isClosed && (end === '' ? call.mayBeComplete : end.endsWith('}'));
}

/** Reads the arguments only where they may be whole: with every piece, that would be quadratic. */
function isComplete(call: PendingCall): boolean {
  if (!call.mayBeComplete || call.isBroken) return false;
  call.isBroken = parseToolArguments(call.args) === null;
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
    args: typeof args === 'string' ? args : args == null ? '' : stringifyArguments(args),
  };
}

/** Arguments that came as a value; `[` where they are nested deeper than can be written. */
function stringifyArguments(args: unknown): string {
  try {
    return JSON.stringify(args);
  } catch {
    return '[';
  }
}
