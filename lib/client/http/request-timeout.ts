import { linkedAbortController } from '@/lib/client/browser/wait';
import { networkError } from '@/lib/client/http/request-error';

/**
 * The browser may send a request over an idle connection without noticing that it is dead. A write
 * may upload a large document over a slow connection.
 */
export const REQUEST_TIMEOUT_MS = { read: 30_000, write: 120_000 };

/** Aborts the operation's signal after `timeoutMs`. @throws RequestError network on timeout */
export async function withRequestTimeout<T>(
  timeoutMs: number,
  parentSignal: AbortSignal | null | undefined,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { controller, dispose } = linkedAbortController(parentSignal);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  try {
    return await operation(controller.signal);
  } catch (error) {
    throw timedOut ? networkError(error) : error;
  } finally {
    clearTimeout(timer);
    dispose();
  }
}
