import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { captureDetachedContext, runDetached } from '@/lib/server/runtime/run-detached';

test('detached work and its timers hold no data of the request', async () => {
  captureDetachedContext();
  const request = new AsyncLocalStorage<string>();
  const observed = await request.run('request data', () =>
    runDetached(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { duringWork: request.getStore() };
    }),
  );
  expect(observed.duringWork).toBeUndefined();
  expect(request.run('request data', () => request.getStore())).toBe('request data');
});
