import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { captureDetachedContext, runDetached } from '@/lib/server/runtime/run-detached';

test('detached work and its timers hold no data of the request', async () => {
  captureDetachedContext();
  const request = new AsyncLocalStorage<string>();
  const observed = await request.run('held', () =>
    runDetached(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { inside: request.getStore() };
    }),
  );
  expect(observed.inside).toBeUndefined();
  expect(request.run('held', () => request.getStore())).toBe('held');
});
