import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCoalescer } from '@/lib/server/models/adapter/coalescer';
import { coalescingWindowMs } from '@/lib/server/models/adapter/stream-load';
import fc from '@/tests/support/fast-check';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WINDOW_MS = 100;

function createTestCoalescer() {
  const frames: Array<[string, string]> = [];
  const coalescer = createCoalescer({
    emit: (channel, text) => frames.push([channel, text]),
    windowMs: () => WINDOW_MS,
    now: () => Date.now(),
    schedule: (atMs, send) => {
      const timer = setTimeout(send, atMs - Date.now());
      return () => clearTimeout(timer);
    },
  });
  return { frames, coalescer };
}

describe('the deltas of an answer', () => {
  test('are emitted immediately for the first delta', () => {
    const { frames, coalescer } = createTestCoalescer();
    coalescer.push('text', 'a');
    expect(frames).toEqual([['text', 'a']]);
  });

  test('are joined until the end of the window', () => {
    const { frames, coalescer } = createTestCoalescer();
    for (const chunk of ['a', 'b', 'c']) coalescer.push('text', chunk);
    vi.advanceTimersByTime(WINDOW_MS - 1);
    expect(frames).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(frames).toEqual([
      ['text', 'a'],
      ['text', 'bc'],
    ]);
  });

  test('of a slow model are not delayed', () => {
    const { frames, coalescer } = createTestCoalescer();
    for (const chunk of ['a', 'b', 'c']) {
      coalescer.push('text', chunk);
      vi.advanceTimersByTime(WINDOW_MS);
    }
    expect(frames).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are emitted early at 2 KB', () => {
    const { frames, coalescer } = createTestCoalescer();
    coalescer.push('text', 'a');
    coalescer.push('text', 'b'.repeat(2048));
    expect(frames).toHaveLength(2);
  });

  test('of different channels keep their order', () => {
    const { frames, coalescer } = createTestCoalescer();
    coalescer.push('reasoning', 'a');
    coalescer.push('reasoning', 'b');
    coalescer.push('text', 'c');
    coalescer.flush();
    expect(frames).toEqual([
      ['reasoning', 'a'],
      ['reasoning', 'b'],
      ['text', 'c'],
    ]);
  });

  test('arrive completely and in order, and no character is split', () => {
    const step = fc.record({
      channel: fc.constantFrom('text', 'reasoning'),
      text: fc.string({ unit: 'grapheme', maxLength: 5 }),
      waitMs: fc.integer({ min: 0, max: 150 }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { frames, coalescer } = createTestCoalescer();
        for (const { channel, text, waitMs } of steps) {
          for (const unit of text.split('')) coalescer.push(channel, unit);
          vi.advanceTimersByTime(waitMs);
        }
        coalescer.flush();
        const all = steps.map(({ text }) => text).join('');
        expect(frames.map(([, text]) => text).join('')).toBe(all);
        for (const [, text] of frames) expect(text.isWellFormed?.() ?? true).toBe(true);
      }),
    );
  });
});

test('the coalescing window grows with the load, up to a quarter of a second', () => {
  expect(coalescingWindowMs(1)).toBe(25);
  expect(coalescingWindowMs(50)).toBeLessThan(100);
  expect(coalescingWindowMs(200)).toBeLessThan(200);
  expect(coalescingWindowMs(500)).toBeLessThanOrEqual(250);
  expect(coalescingWindowMs(10_000)).toBe(250);
  // A busy process emits fewer frames for the same text.
  expect(coalescingWindowMs(50, 40)).toBe(coalescingWindowMs(50) + 80);
  expect(coalescingWindowMs(500, 10_000)).toBeLessThanOrEqual(500);
});
