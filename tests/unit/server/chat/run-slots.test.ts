import { expect, it } from 'vitest';
import { RunSlots } from '@/lib/server/chat/run-slots';

it('concurrent answers are limited per address and in total until one ends', () => {
  const slots = new RunSlots();
  const limits = { runsPerAddress: 2, runsPerProcess: 3 };
  const acquire = (address: string) => slots.acquire(address, limits);
  const release = acquire('a');
  acquire('a');
  expect(() => acquire('a')).toThrow(
    expect.objectContaining({ code: 'too_many_runs_for_network' }),
  );
  acquire('b');
  expect(() => acquire('c')).toThrow(expect.objectContaining({ code: 'server_busy' }));
  release();
  expect(() => acquire('a')).not.toThrow();
});
