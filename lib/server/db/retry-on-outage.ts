import { isConnectionError } from '@/lib/server/db/client';
import { withTimeout } from '@/lib/server/db/with-timeout';

/** A new connection is quick, or the outage is not over. */
const RETRY_TIMEOUT_MS = 3_000;

/**
 * What the work gives; it must change nothing, for it is done a second time where the database could
 * not be reached. A connection whose making began during an outage fails after the outage is over,
 * and the next one does not.
 */
export async function retryOnOutage<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    return await withTimeout(operation(), RETRY_TIMEOUT_MS);
  }
}
