import { describe, expect, it } from 'vitest';
import { BoundedQueue } from '@/lib/server/account/hash-queue';
import { createGate } from '@/tests/support/gate';

describe('the queue of password hashes', () => {
  it('starts queued tasks in order, and rejects a task if it is full', async () => {
    const queue = new BoundedQueue({ concurrency: 1, queued: 2 });
    const completed: number[] = [];
    const gate = createGate();
    const enqueue = (n: number) => queue.run(() => gate.opened.then(() => completed.push(n)));
    const accepted = [enqueue(1), enqueue(2), enqueue(3)];
    await expect(enqueue(4)).rejects.toMatchObject({ code: 'sign_in_busy' });
    gate.open();
    await Promise.all(accepted);
    expect(completed).toEqual([1, 2, 3]);
  });

  it('frees the slot of a failed task', async () => {
    const queue = new BoundedQueue({ concurrency: 1, queued: 2 });
    await queue
      .run(async () => {
        throw new Error('failed');
      })
      .catch(() => {});
    await expect(queue.run(async () => 'next')).resolves.toBe('next');
  });
});
