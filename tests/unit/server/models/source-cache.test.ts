import { describe, expect, it } from 'vitest';
import type { ListedModel } from '@/lib/server/models/source';
import { createSourceCache } from '@/lib/server/models/source-cache';
import { createGate } from '@/tests/support/gate';

describe('a cached list of models', () => {
  it('is fetched again if it was marked as stale while it was being fetched', async () => {
    let requests = 0;
    const gate = createGate();
    const cache = createSourceCache({
      id: 'test',
      name: 'Test',
      volatile: true,
      async list(): Promise<ListedModel[]> {
        requests += 1;
        await gate.opened;
        return [];
      },
    });
    const first = cache.current();
    cache.expire();
    gate.open();
    await first;
    await cache.current();
    expect(requests).toBe(2);
    await cache.current();
    expect(requests).toBe(2);
  });
});
