import { processSingleton } from '@/lib/server/runtime/process-singleton';

const tails = () => processSingleton('inTurn', () => new Map<string, Promise<unknown>>());

/**
 * Does the work after all work of the same key that was asked for before, in this process.
 * @throws what the work throws; that of others is none of its business
 */
export async function withKeyedLock<T>(key: string, task: () => Promise<T>): Promise<T> {
  const previous = tails().get(key);
  const current = previous ? previous.then(task, task) : task();
  tails().set(key, current);
  try {
    return await current;
  } finally {
    if (tails().get(key) === current) tails().delete(key);
  }
}
