import { processSingleton } from '@/lib/process';

const last = () => processSingleton('inTurn', () => new Map<string, Promise<unknown>>());

/**
 * Does the work after all work of the same key that was asked for before, in this process.
 * @throws what the work throws; that of others is none of its business
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = last().get(key);
  const mine = before ? before.then(work, work) : work();
  last().set(key, mine);
  try {
    return await mine;
  } finally {
    if (last().get(key) === mine) last().delete(key);
  }
}
