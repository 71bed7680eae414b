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
  onEmpty(callback: () => void): void;
  /** Drops what waits. */
  clear(): void;
  readonly isEmpty: boolean;
};

/** @param enqueue takes a part; must not throw */
export function createPartQueue(enqueue: (part: LanguageModelV1StreamPart) => void): PartQueue {
  let queued: LanguageModelV1StreamPart[] = [];
  let callbacks: Array<() => void> = [];

  function sendNext(): void {
    const next = queued.shift();
    if (next) enqueue(next);
    if (queued.length > 0) {
      setImmediate(sendNext);
      return;
    }
    const due = callbacks;
    callbacks = [];
    for (const callback of due) callback();
  }

  return {
    send(part) {
      if (queued.length === 0 && partText(part).length <= MAX_PART_CHARS) {
        enqueue(part);
        return;
      }
      if (queued.length === 0) setImmediate(sendNext);
      for (const chunk of splitPart(part)) queued.push(chunk);
    },
    onEmpty(callback) {
      if (queued.length === 0) callback();
      else callbacks.push(callback);
    },
    clear() {
      queued = [];
      callbacks = [];
    },
    get isEmpty() {
      return queued.length === 0;
    },
  };
}

function partText(part: LanguageModelV1StreamPart): string {
  if (part.type === 'text-delta' || part.type === 'reasoning') return part.textDelta;
  return part.type === 'tool-call-delta' ? part.argsTextDelta : '';
}

/** A pair of surrogates stays together. */
function* splitPart(part: LanguageModelV1StreamPart): Generator<LanguageModelV1StreamPart> {
  const text = partText(part);
  if (text.length <= MAX_PART_CHARS) {
    yield part;
    return;
  }
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + MAX_PART_CHARS;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    const chunk = text.slice(start, end);
    yield (
      part.type === 'tool-call-delta'
        ? { ...part, argsTextDelta: chunk }
        : { ...part, textDelta: chunk }
    ) as LanguageModelV1StreamPart;
  }
}
