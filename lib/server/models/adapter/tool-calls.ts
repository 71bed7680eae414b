/**
 * Assembles tool calls from streamed deltas, whose ids, types, names and indices may be missing,
 * repeated or wrong. No I/O.
 */
import type { JsonMeter } from '@/lib/server/limits/json-limits';
import { type ArgumentsPreview, createArgumentsPreview } from './arguments-preview';
import { createArgumentsMeter, isTooComplex } from './endpoint-json';
import { parseToolArguments } from './tool-arguments';

export type ToolCall = { id: string; name: string; args: string };

export type ToolCallReader = {
  /** Accepts one entry of `delta.tool_calls`, of any shape. */
  push(delta: unknown): void;
  /**
   * Ends the answer. No call counts as complete before: its arguments may be valid JSON and still
   * continue.
   * @returns the calls, with unchanged arguments if they are not a JSON object, and the name of the
   *   first such call, or null.
   */
  finish(): { calls: ToolCall[]; unparsableName: string | null };
  /** Calls seen so far. */
  readonly count: number;
  /** Characters of their arguments so far. */
  readonly chars: number;
};

export type ToolCallReaderOptions = {
  /** A chunk of a call's arguments, maybe empty. The first one starts the call. */
  onArgs: (call: { id: string; name: string }, text: string) => void;
  createId: () => string;
};

type PendingCall = {
  /** The endpoint's indices, which need not start at 0 or be unique; a call may have several. */
  indices: Set<number>;
  /** The endpoint's id, and the id in use. */
  endpointId: string | null;
  id: string | null;
  name: string;
  args: string;
  meter: JsonMeter;
  /** Whether the arguments may be complete: everything is closed, the last level by a brace. */
  mayBeComplete: boolean;
  /** Whether the arguments were closed but are invalid: more text cannot make them valid. */
  isInvalid: boolean;
  preview: ArgumentsPreview;
  hasStarted: boolean;
};

type Delta = { index: number | null; id: string | null; name: string; args: string };

/**
 * Maximum tool calls of one answer. Each turn of the model may pass on one more, to which the tools
 * respond with an error (lib/server/tools/call-limit.ts); calls after that one are dropped.
 */
export const MAX_TOOL_CALLS = 32;

/** The app's tools have shorter names; a name that a model invents is repeated in errors. */
const MAX_NAME_CHARS = 200;
/**
 * Arguments that are too complex to parse are truncated to this length, so that the model sees its
 * mistake.
 */
const MAX_UNPARSED_CHARS = 1_000;

export function createToolCallReader({ onArgs, createId }: ToolCallReaderOptions): ToolCallReader {
  const calls: PendingCall[] = [];
  /** Null: a dropped call. */
  let current: PendingCall | null | undefined;
  let chars = 0;

  /**
   * Returns the call that a delta belongs to, a new one if it starts one, or null if it is dropped.
   */
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
      isInvalid: false,
      preview: createArgumentsPreview(),
      hasStarted: false,
    };
    calls.push(call);
    return call;
  }

  /** The endpoint's id; a new one if another call has it. */
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
 * Whether a delta starts another call: some servers send several complete calls under one index,
 * under one id, or under neither. A name alone starts no call: some servers repeat it with every
 * fragment.
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
  // One id for different calls. A call that is only sent twice is one call.
  const isNewIndex = delta.index !== null && !existing.indices.has(delta.index);
  return isNewIndex && args !== existing.args.trim() && parseToolArguments(args) !== null;
}

/**
 * The new part of a fragment. Some servers send all arguments so far: no JSON repeats its own
 * start.
 */
function addedArguments(soFar: string, received: string): string {
  // Compare lengths first: reading a concatenated string costs its whole length.
  const isSnapshot =
    received.length >= soFar.length && soFar.startsWith('{') && received.startsWith(soFar);
  return isSnapshot ? received.slice(soFar.length) : received;
}

/** A placeholder: the arguments follow later. */
const EMPTY_OBJECT = /^\s*\{\s*\}\s*$/;

function appendArguments(call: PendingCall, chunk: string): void {
  call.args += chunk;
  const { isClosed } = call.meter.push(chunk);
  const end = chunk.trimEnd();
  call.mayBeComplete = isClosed && (end === '' ? call.mayBeComplete : end.endsWith('}'));
}

/** Parses the arguments only if they may be complete: with every chunk, it would be quadratic. */
function isComplete(call: PendingCall): boolean {
  if (!call.mayBeComplete || call.isInvalid) return false;
  call.isInvalid = parseToolArguments(call.args) === null;
  return !call.isInvalid;
}

function readDelta(value: unknown): Delta | null {
  if (typeof value !== 'object' || value === null) return null;
  const { index, id, function: calledFunction } = value as Record<string, unknown>;
  if (typeof calledFunction !== 'object' || calledFunction === null) return null;
  const { name, arguments: args } = calledFunction as Record<string, unknown>;
  return {
    index: typeof index === 'number' && index >= 0 ? index : null,
    id: typeof id === 'string' && id !== '' ? id : null,
    name: typeof name === 'string' ? name.slice(0, MAX_NAME_CHARS).replaceAll('\0', '') : '',
    args: typeof args === 'string' ? args : args == null ? '' : stringifyArguments(args),
  };
}

/** Serializes arguments that came as a value; `[` (invalid) if they are too deep to serialize. */
function stringifyArguments(args: unknown): string {
  try {
    return JSON.stringify(args);
  } catch {
    return '[';
  }
}
