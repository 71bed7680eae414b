import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { markOutsideRequest, outsideRequest } from '@/lib/outside-request';

test('work outside of the request holds nothing of it, and neither do its timers', async () => {
  markOutsideRequest();
  const request = new AsyncLocalStorage<string>();
  const seen = await request.run('held', () =>
    outsideRequest(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { inside: request.getStore() };
    }),
  );
  expect(seen.inside).toBeUndefined();
  expect(request.run('held', () => request.getStore())).toBe('held');
});
