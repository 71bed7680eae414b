import { AppError } from '@/lib/errors';

/**
 * What is waited for, or an error in words where it does not come in time; it goes on nevertheless.
 * @throws AppError database_unavailable after `patienceMs`
 */
export async function inTime<T>(answer: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('database_unavailable')), patienceMs);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
