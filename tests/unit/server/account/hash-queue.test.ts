import { expect, it } from 'vitest';
import { BoundedQueue } from '@/lib/server/account/hash-queue';
import { createGate } from '@/tests/support/gate';

it('password hashes run with bounded concurrency, a bounded number waits in order, and the rest is rejected', async () => {
  const queue = new BoundedQueue({ active: 1, waiting: 2 });
  const order: number[] = [];
  const gate = createGate();
  const work = (n: number) => queue.run(() => gate.opened.then(() => order.push(n)));
  const accepted = [work(1), work(2), work(3)];
  await expect(work(4)).rejects.toMatchObject({ code: 'sign_in_busy' });
  gate.open();
  await Promise.all(accepted);
  expect(order).toEqual([1, 2, 3]);
  await queue
    .run(async () => {
      throw new Error('failed');
    })
    .catch(() => {});
  await expect(queue.run(async () => 'next')).resolves.toBe('next');
});
