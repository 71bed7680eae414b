/** Small parts of a connection's life: a wait that knows when waiting makes no sense any more. */

/**
 * Waits, but no longer than until the network is back or the person looks at the page again.
 * @throws the signal's reason where it aborts
 */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const page = typeof window === 'undefined' ? undefined : window;
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      page?.removeEventListener('online', wake);
      page?.document.removeEventListener('visibilitychange', look);
    };
    const wake = () => {
      settle();
      resolve();
    };
    const look = () => {
      if (page?.document.visibilityState === 'visible') wake();
    };
    const abort = () => {
      settle();
      reject(signal.reason);
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', abort, { once: true });
    page?.addEventListener('online', wake, { once: true });
    page?.document.addEventListener('visibilitychange', look);
  });
}

/** Waits that long, whatever happens. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A controller that aborts with the signal, if there is one, until it is unlinked. */
export function linked(signal: AbortSignal | null | undefined): {
  controller: AbortController;
  unlink: () => void;
} {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return { controller, unlink: () => signal?.removeEventListener('abort', abort) };
}
