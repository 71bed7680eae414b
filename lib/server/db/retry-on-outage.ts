import { AppError } from '@/lib/protocol/errors';
import { isConnectionError } from '@/lib/server/db/client';
import { withTimeout } from '@/lib/shared/with-timeout';

/** Connecting takes less than this unless the outage continues. */
const RETRY_TIMEOUT_MS = 3_000;

/**
 * Returns the result of `operation`, which is retried once after a connection error and therefore
 * must be read-only. The retry helps because a connection attempt that started during an outage
 * still fails after the outage is over, whereas the next attempt succeeds.
 * @throws what `operation` throws; AppError database_unavailable if the retry takes longer than 3 s
 */
export async function retryOnOutage<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    return await withTimeout(operation(), RETRY_TIMEOUT_MS, () => {
      throw new AppError('database_unavailable');
    });
  }
}
