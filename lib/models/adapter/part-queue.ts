/**
 * Parts on their way to the AI SDK. What stands behind it works on whole parts, so a part of megabytes
 * would hold up everybody on this thread: long ones go on in pieces, one in each turn of the event loop.
 */
import type { LanguageModelV1StreamPart } from 'ai';
import { isHighSurrogate } from './surrogates';

/** Characters of text in a part. A piece costs the stages behind it about 1 ms for 50,000. */
const MAX_PART_CHARS = 32_768;

export type PartQueue = {
  /** Sends the part, behind all that wait. */
  send(part: LanguageModelV1StreamPart): void;
  /** Calls back once nothing waits any more: at once where nothing does. */
  whenEmpty(callback: () => void): void;
  /** Drops what waits. */
  clear(): void;
  readonly isEmpty: boolean;
};

/** @param enqueue takes a part; must not throw */
export function createPartQueue(enqueue: (part: LanguageModelV1StreamPart) => void): PartQueue {
  let waiting: LanguageModelV1StreamPart[] = [];
  let callbacks: Array<() => void> = [];

  function sendNext(): void {
    const next = waiting.shift();
    if (next) enqueue(next);
    if (waiting.length > 0) {
      setImmediate(sendNext);
      return;
    }
    const due = callbacks;
    callbacks = [];
    for (const callback of due) callback();
  }

  return {
    send(part) {
      if (waiting.length === 0 && textOf(part).length <= MAX_PART_CHARS) {
        enqueue(part);
        return;
      }
      if (waiting.length === 0) setImmediate(sendNext);
      for (const piece of cut(part)) waiting.push(piece);
    },
    whenEmpty(callback) {
      if (waiting.length === 0) callback();
      else callbacks.push(callback);
    },
    clear() {
      waiting = [];
      callbacks = [];
    },
    get isEmpty() {
      return waiting.length === 0;
    },
  };
}

function textOf(part: LanguageModelV1StreamPart): string {
  if (part.type === 'text-delta' || part.type === 'reasoning') return part.textDelta;
  return part.type === 'tool-call-delta' ? part.argsTextDelta : '';
}

/** A pair of surrogates stays together. */
function* cut(part: LanguageModelV1StreamPart): Generator<LanguageModelV1StreamPart> {
  const text = textOf(part);
  if (text.length <= MAX_PART_CHARS) {
    yield part;
    return;
  }
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + MAX_PART_CHARS;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    const piece = text.slice(start, end);
    yield (
      part.type === 'tool-call-delta'
        ? { ...part, argsTextDelta: piece }
        : { ...part, textDelta: piece }
    ) as LanguageModelV1StreamPart;
  }
}
