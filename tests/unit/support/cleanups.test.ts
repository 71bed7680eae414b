import { expect, it } from 'vitest';
import { createCleanups } from '@/tests/support/cleanups';

it('all cleanups run once, the last one first, and the first error is thrown', async () => {
  const cleanups = createCleanups();
  const ran: string[] = [];
  const failing = (name: string) => async () => {
    ran.push(name);
    throw new Error(name);
  };
  cleanups.add(() => ran.push('first'), failing('second'));
  cleanups.add(failing('third'), () => ran.push('fourth'));
  await expect(cleanups.run()).rejects.toThrow('third');
  await cleanups.run();
  expect(ran).toEqual(['fourth', 'third', 'second', 'first']);
});
