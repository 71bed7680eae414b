import { describe, expect, it } from 'vitest';
import { Throttle } from '@/lib/auth/throttle';

describe('too many tries', () => {
  it('are refused with the seconds to wait, until the window is over', () => {
    const throttle = new Throttle({ max: 2, windowMs: 10_000 });
    expect(throttle.take('a', 0)).toBe(0);
    expect(throttle.take('a', 4_000)).toBe(0);
    expect(throttle.take('a', 4_500)).toBe(6);
    expect(throttle.take('a', 9_999)).toBe(1);
    expect(throttle.take('a', 10_000)).toBe(0);
  });

  it('of one do not count for another', () => {
    const throttle = new Throttle({ max: 1, windowMs: 10_000 });
    throttle.take('a', 0);
    expect(throttle.take('b', 0)).toBe(0);
    expect(throttle.take('a', 0)).toBe(10);
  });

  it('are forgotten after one that was right', () => {
    const throttle = new Throttle({ max: 1, windowMs: 10_000 });
    throttle.take('a', 0);
    throttle.clear('a');
    expect(throttle.take('a', 0)).toBe(0);
  });
});
