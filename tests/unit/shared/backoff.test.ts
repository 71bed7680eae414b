import { describe, expect, it } from 'vitest';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

const delays = (backoff: Backoff) => [0, 1, 2, 3].map((attempt) => backoffMs(attempt, backoff));

describe('backoffMs', () => {
  it('doubles the delay with each attempt', () => {
    expect(delays({ initialMs: 250 })).toEqual([250, 500, 1_000, 2_000]);
  });

  it('multiplies by another factor if one is given', () => {
    expect(delays({ initialMs: 400, factor: 3 })).toEqual([400, 1_200, 3_600, 10_800]);
  });

  it('stops growing at the maximum, also after many attempts', () => {
    const backoff = { initialMs: 100, maxMs: 300 };
    expect(delays(backoff)).toEqual([100, 200, 300, 300]);
    expect(backoffMs(5_000, backoff)).toBe(300);
  });

  it('spreads the delays evenly around the one without jitter', () => {
    const samples = Array.from({ length: 1_000 }, () =>
      backoffMs(1, { initialMs: 100, jitter: 0.25 }),
    );
    expect(samples.every((delayMs) => delayMs >= 150 && delayMs <= 250)).toBe(true);
    expect(samples.some((delayMs) => delayMs < 175)).toBe(true);
    expect(samples.some((delayMs) => delayMs > 225)).toBe(true);
  });
});
