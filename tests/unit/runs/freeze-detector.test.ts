import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FreezeDetector } from '@/lib/runs/freeze-detector';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('counts a gap between two looks that is longer than the limit, and no shorter one', () => {
  const detector = new FreezeDetector(5_000);
  vi.setSystemTime(Date.now() + 4_900);
  expect(detector.freezes()).toBe(0);
  vi.setSystemTime(Date.now() + 5_100);
  expect(detector.freezes()).toBe(1);
  expect(detector.freezes()).toBe(1);
});

it('takes no time for a freeze in which the process ran', () => {
  const detector = new FreezeDetector(5_000);
  vi.advanceTimersByTime(60_000);
  expect(detector.freezes()).toBe(0);
});

it('tells its listeners of each freeze, until they leave', async () => {
  const detector = new FreezeDetector(5_000);
  const heard = vi.fn();
  const leave = detector.onFreeze(heard);
  vi.setSystemTime(Date.now() + 10_000);
  detector.freezes();
  await new Promise(setImmediate);
  expect(heard).toHaveBeenCalledTimes(1);
  leave();
  vi.setSystemTime(Date.now() + 10_000);
  detector.freezes();
  await new Promise(setImmediate);
  expect(heard).toHaveBeenCalledTimes(1);
});
