import { isConnectionError } from '@/lib/db/client';
import { inTime } from '@/lib/db/in-time';

/** A new connection is quick, or the outage is not over. */
const SECOND_TRY_MS = 3_000;

/**
 * What the work gives; it must change nothing, for it is done a second time where the database could
 * not be reached. A connection whose making began during an outage fails after the outage is over,
 * and the next one does not.
 */
export async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    return await inTime(read(), SECOND_TRY_MS);
  }
}
