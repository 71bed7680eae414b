import { sleep } from '@/lib/client/browser/wait';
import { RequestError } from '@/lib/client/http/request-error';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

const BACKOFF: Backoff = { initialMs: 300, maxMs: 5_000, jitter: 0.25 };

/**
 * Sends an idempotent request again while there is no response.
 * @throws RequestError when the server returns an error or all attempts fail
 */
export async function repeatUntilResponse<T>(
  maxAttempts: number,
  request: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const gotNoResponse = error instanceof RequestError && error.status === 0;
      if (!gotNoResponse || attempt >= maxAttempts) throw error;
      await sleep(backoffMs(attempt - 1, BACKOFF));
    }
  }
}
