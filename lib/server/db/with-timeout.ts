import { AppError } from '@/lib/protocol/errors';

/**
 * What is waited for, or an error in words where it does not come in time; it goes on nevertheless.
 * @throws AppError database_unavailable after `patienceMs`
 */
export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('database_unavailable')), timeoutMs);
  });
  return await Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
