/**
 * Queues parts for the AI SDK. Its stages process whole parts, so a part of megabytes would block
 * this thread for all requests: long parts are split, and one chunk is sent per turn of the event
 * loop.
 */
import type { LanguageModelV1StreamPart } from 'ai';
import { isHighSurrogate } from '@/lib/shared/surrogates';

/** Maximum characters of text in a part. The stages behind take about 1 ms for 50,000. */
const MAX_PART_CHARS = 32_768;

export type PartQueue = {
  /** Sends the part, after all queued ones. */
  send(part: LanguageModelV1StreamPart): void;
  /** Calls back once the queue is empty: immediately if it is already. */
  onEmpty(callback: () => void): void;
  /** Drops the queued parts. */
  clear(): void;
  readonly isEmpty: boolean;
};

/** @param enqueue receives each part; must not throw */
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

/** Splits a long part. Surrogate pairs stay together. */
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
