import { expect, it } from 'vitest';
import { RunSlots } from '@/lib/chat/run-slots';

it('answers made at a time are bounded by address and in all, until one has ended', () => {
  const slots = new RunSlots();
  const limits = { runsPerAddress: 2, runsPerProcess: 3 };
  const take = (address: string) => slots.take(address, limits);
  const release = take('a');
  take('a');
  expect(() => take('a')).toThrow(expect.objectContaining({ code: 'too_many_runs_here' }));
  take('b');
  expect(() => take('c')).toThrow(expect.objectContaining({ code: 'server_busy' }));
  release();
  expect(() => take('a')).not.toThrow();
});
