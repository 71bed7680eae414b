import { AppError } from '@/lib/errors';

/** Somebody who waits for an answer of the database gives up after this. */
const PATIENCE_MS = 10_000;

/**
 * What a query gives, or an error in words: a database that hangs says nothing by itself. The query
 * goes on, so whatever it writes must be safe to have happened.
 * @throws AppError database_unavailable after 10 s
 */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('database_unavailable')), PATIENCE_MS);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
