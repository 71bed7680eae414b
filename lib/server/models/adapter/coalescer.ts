/**
 * Merges the chunks of an answer into fewer frames before any expensive stage.
 *
 * A chunk that arrives a full window after the last frame, as the first one does, is not delayed.
 * Others are buffered until the window since the last frame is over or 2 KB are buffered. Order is
 * preserved: a chunk of another channel flushes the buffer. A surrogate pair is never split between
 * two frames.
 */

import { MAX_COALESCED_CHARS } from '@/lib/protocol/latency';
import { isHighSurrogate } from '@/lib/shared/surrogates';
import { scheduleOnTick } from './shared-ticks';

export type Coalescer = {
  /** Adds a chunk. Chunks of different channels (text, reasoning, …) are never merged. */
  push(channel: string, text: string): void;
  /** Sends the buffer now. */
  flush(): void;
  /** Cancels the timer and drops the buffer. */
  cancel(): void;
};

export type CoalescerOptions = {
  emit: (channel: string, text: string) => void;
  /** Returns the window in milliseconds; called for each frame. */
  windowMs: () => number;
  /** Monotonic clock, in milliseconds. */
  now?: () => number;
  /** Calls `send` at that time of the clock or soon after; returns a function that cancels it. */
  schedule?: (atMs: number, send: () => void) => () => void;
};

export function createCoalescer(options: CoalescerOptions): Coalescer {
  const { emit, windowMs, now = () => performance.now(), schedule = scheduleOnTick } = options;
  let channel = '';
  let buffer = '';
  let cancelTimer: (() => void) | undefined;
  let lastFrameAt = Number.NEGATIVE_INFINITY;

  function stopTimer(): void {
    cancelTimer?.();
    cancelTimer = undefined;
  }

  /** @param all false: a high surrogate at the end stays buffered until its other half arrives. */
  function send(all: boolean): void {
    stopTimer();
    if (buffer === '') return;
    const retainedChars = !all && isHighSurrogate(buffer.charCodeAt(buffer.length - 1)) ? 1 : 0;
    const text = retainedChars ? buffer.slice(0, -1) : buffer;
    buffer = retainedChars ? buffer.slice(-1) : '';
    if (text === '') return;
    lastFrameAt = now();
    emit(channel, text);
  }

  return {
    push(nextChannel, text) {
      if (text === '') return;
      if (nextChannel !== channel) {
        send(true);
        channel = nextChannel;
      }
      buffer += text;
      if (cancelTimer && buffer.length < MAX_COALESCED_CHARS) return;
      const dueAt = lastFrameAt + windowMs();
      if (dueAt <= now() || buffer.length >= MAX_COALESCED_CHARS) send(false);
      else cancelTimer ??= schedule(dueAt, () => send(false));
    },
    flush: () => send(true),
    cancel() {
      stopTimer();
      buffer = '';
    },
  };
}
