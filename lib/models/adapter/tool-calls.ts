/**
 * Tool calls from the deltas that endpoints stream, whose ids, types and indices may be missing or
 * wrong. Pure.
 */
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
};

export type ToolCallReaderOptions = {
  /** A piece of a call's arguments, maybe empty; with the first one the call begins. */
  onArgs: (call: { id: string; name: string }, text: string) => void;
  makeId: () => string;
};

type Call = {
  /** As the endpoint counts, which need not be from 0 or without repeats. */
  index: number;
  id: string | null;
  name: string;
  args: string;
  begun: boolean;
};

type Delta = { index: number | null; id: string | null; name: string; args: string };

export function createToolCallReader({ onArgs, makeId }: ToolCallReaderOptions): ToolCallReader {
  const calls: Call[] = [];
  let current: Call | undefined;

  /** The call that a delta belongs to; a new one where it begins one. */
  function callOf(delta: Delta): Call {
    const { index } = delta;
    const known = index === null ? current : calls.findLast((call) => call.index === index);
    if (known && !beginsAnother(known, delta)) return known;
    const call = { index: index ?? calls.length, id: null, name: '', args: '', begun: false };
    calls.push(call);
    return call;
  }

  return {
    push(value) {
      const delta = readDelta(value);
      if (!delta) return;
      const call = callOf(delta);
      current = call;
      call.id ??= delta.id;
      call.args += delta.args;
      if (!call.begun) call.name += delta.name;
      if (call.name === '') return;
      call.id ??= makeId();
      onArgs({ id: call.id, name: call.name }, call.begun ? delta.args : call.args);
      call.begun = true;
    },
    finish() {
      const finished: ToolCall[] = [];
      let unreadable: string | null = null;
      for (const { id, name, args } of calls) {
        const read = readToolArguments(args);
        const isNamed = id !== null && name !== '';
        if (!isNamed || read === null) unreadable ??= name;
        if (isNamed) finished.push({ id, name, args: read ?? args });
      }
      return { calls: finished, unreadable };
    },
    get count() {
      return calls.length;
    },
  };
}

/** Several whole calls under one index, or under none, as some servers send them. */
function beginsAnother(known: Call, delta: Delta): boolean {
  if (delta.name === '') return false;
  if (delta.id !== null && known.id !== null) return delta.id !== known.id;
  return known.args !== '' && readToolArguments(known.args) !== null;
}

function readDelta(value: unknown): Delta | null {
  if (typeof value !== 'object' || value === null) return null;
  const { index, id, function: called } = value as Record<string, unknown>;
  if (typeof called !== 'object' || called === null) return null;
  const { name, arguments: args } = called as Record<string, unknown>;
  return {
    index: typeof index === 'number' && index >= 0 ? index : null,
    id: typeof id === 'string' && id !== '' ? id : null,
    name: typeof name === 'string' ? name : '',
    args: typeof args === 'string' ? args : args == null ? '' : JSON.stringify(args),
  };
}
