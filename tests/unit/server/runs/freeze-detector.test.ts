import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FreezeDetector } from '@/lib/server/runs/freeze-detector';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('the freeze detector counts a gap between two checks only if it exceeds the limit', () => {
  const detector = new FreezeDetector(5_000);
  vi.setSystemTime(Date.now() + 4_900);
  expect(detector.freezeCount()).toBe(0);
  vi.setSystemTime(Date.now() + 5_100);
  expect(detector.freezeCount()).toBe(1);
  expect(detector.freezeCount()).toBe(1);
});

it('the freeze detector ignores a gap in which the process was busy', () => {
  const detector = new FreezeDetector(5_000);
  vi.advanceTimersByTime(60_000);
  expect(detector.freezeCount()).toBe(0);
});

it('the freeze detector notifies its listeners until they unsubscribe', async () => {
  const detector = new FreezeDetector(5_000);
  const listener = vi.fn();
  const unsubscribe = detector.onFreeze(listener);
  vi.setSystemTime(Date.now() + 10_000);
  detector.freezeCount();
  await new Promise(setImmediate);
  expect(listener).toHaveBeenCalledTimes(1);
  unsubscribe();
  vi.setSystemTime(Date.now() + 10_000);
  detector.freezeCount();
  await new Promise(setImmediate);
  expect(listener).toHaveBeenCalledTimes(1);
});
