import { expect, it, vi } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';

const connectionError = () => Object.assign(new Error('lost'), { code: 'CONNECTION_DESTROYED' });

/** Fails with the errors in turn, then returns 'rows'. */
function failingRead(...errors: Error[]) {
  return vi.fn(async () => {
    const error = errors.shift();
    if (error) throw error;
    return 'rows';
  });
}

it('a read whose connection is lost several times in a row is retried until it succeeds', async () => {
  const read = failingRead(connectionError(), connectionError(), connectionError());
  expect(await retryOnOutage(read)).toBe('rows');
  expect(read).toHaveBeenCalledTimes(4);
});

it('a rejected statement is not retried, neither at first nor after a lost connection', async () => {
  const rejected = Object.assign(new Error('syntax error'), { code: '42601' });
  const atFirst = failingRead(rejected);
  await expect(retryOnOutage(atFirst)).rejects.toBe(rejected);
  expect(atFirst).toHaveBeenCalledTimes(1);
  const later = failingRead(connectionError(), rejected);
  await expect(retryOnOutage(later)).rejects.toBe(rejected);
  expect(later).toHaveBeenCalledTimes(2);
});

it('a read fails with database_unavailable during an outage, and nested reads wait only once', async () => {
  const inner = vi.fn(async () => {
    throw connectionError();
  });
  const outer = vi.fn(() => retryOnOutage(inner, 1000));
  await expect(retryOnOutage(outer)).rejects.toEqual(new AppError('database_unavailable'));
  expect(inner.mock.calls.length).toBeGreaterThan(1);
  expect(outer).toHaveBeenCalledTimes(1);
});

it('a read that hangs when it is retried fails with database_unavailable', async () => {
  const read = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(connectionError())
    .mockReturnValueOnce(new Promise(() => {}));
  await expect(retryOnOutage(read, 100)).rejects.toEqual(new AppError('database_unavailable'));
});
