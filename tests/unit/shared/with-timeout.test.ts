import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withTimeout } from '@/lib/shared/with-timeout';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<string>(() => {});

describe('withTimeout', () => {
  it('returns what the promise resolves with and leaves no timer', async () => {
    await expect(withTimeout(Promise.resolve('done'), 1_000, () => null)).resolves.toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with what the promise rejects with and leaves no timer', async () => {
    const error = new Error('rejected');
    await expect(withTimeout(Promise.reject(error), 1_000, () => null)).rejects.toBe(error);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('returns the value of onTimeout after the timeout', async () => {
    const result = withTimeout(never(), 1_000, () => 'late');
    await vi.advanceTimersByTimeAsync(999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(result).resolves.toBe('late');
  });

  it('rejects with what onTimeout throws', async () => {
    const error = new Error('timeout');
    const result = withTimeout(never(), 1_000, () => {
      throw error;
    });
    const rejection = expect(result).rejects.toBe(error);
    await vi.advanceTimersByTimeAsync(1_000);
    await rejection;
  });
});
