/**
 * Merges the pieces of an answer into fewer frames before anything expensive sees them.
 *
 * The first piece goes on at once, and so does any piece that comes after a quiet window. What
 * comes sooner waits until the window since the last frame is over, or until 2 KB are there.
 * Order is kept: a piece of another channel sends what waits first. A surrogate pair is never
 * split between two frames.
 */

import { scheduleOnTick } from './shared-ticks';
import { isHighSurrogate } from './surrogates';

export type Coalescer = {
  /** Adds a piece. `channel` tells streams apart that must not be merged (text, reasoning, …). */
  push(channel: string, text: string): void;
  /** Sends what waits, now. */
  flush(): void;
  /** Drops the timer, and what waits with it. */
  cancel(): void;
};

const MAX_BUFFER_CHARS = 2048;

export type CoalescerOptions = {
  emit: (channel: string, text: string) => void;
  /** The window in milliseconds, asked for at each frame. */
  windowMs: () => number;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
  /** Calls back at that time of the clock or soon after; returns what takes it back. */
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

  /** @param all false: a high surrogate at the end stays until its other half has come. */
  function send(all: boolean): void {
    stopTimer();
    if (buffer === '') return;
    const heldChars = !all && isHighSurrogate(buffer.charCodeAt(buffer.length - 1)) ? 1 : 0;
    const text = heldChars ? buffer.slice(0, -1) : buffer;
    buffer = heldChars ? buffer.slice(-1) : '';
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
      if (cancelTimer && buffer.length < MAX_BUFFER_CHARS) return;
      const dueAt = lastFrameAt + windowMs();
      if (dueAt <= now() || buffer.length >= MAX_BUFFER_CHARS) send(false);
      else cancelTimer ??= schedule(dueAt, () => send(false));
    },
    flush: () => send(true),
    cancel() {
      stopTimer();
      buffer = '';
    },
  };
}
