import { AppError } from '@/lib/protocol/errors';
import { rootCauseMessage } from '@/lib/server/account/root-cause-message';

/**
 * Awaits work that fails only because of the database or with an AppError.
 * @throws AppError that the work threw, else database_unavailable. Its cause is logged and
 *   therefore contains the root cause's message only.
 */
export async function orDatabaseUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('database_unavailable', { cause: new Error(rootCauseMessage(cause)) });
  }
}
