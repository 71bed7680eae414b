import { AppError } from '@/lib/protocol/errors';

/**
 * Rejects after `timeoutMs`; the query is not canceled.
 * @throws AppError database_unavailable after `timeoutMs`; what `promise` rejects with
 */
export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('database_unavailable')), timeoutMs);
  });
  return await Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
