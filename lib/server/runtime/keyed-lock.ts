import { processSingleton } from '@/lib/server/runtime/process-singleton';

const tails = () => processSingleton('keyedLocks', () => new Map<string, Promise<unknown>>());

/**
 * Runs tasks with the same key one at a time, in the order of the calls, within this process.
 * @throws what `task` throws; failures of earlier tasks are ignored
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
