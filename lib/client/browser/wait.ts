/** Small parts of a connection's life: a wait that knows when waiting makes no sense any more. */

/**
 * Waits, but no longer than until the network is back or the person looks at the page again.
 * @throws the signal's reason where it aborts
 */
export function waitForRetry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const browserWindow = typeof window === 'undefined' ? undefined : window;
    const cleanUp = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      browserWindow?.removeEventListener('online', wake);
      browserWindow?.document.removeEventListener('visibilitychange', onVisibilityChange);
    };
    const wake = () => {
      cleanUp();
      resolve();
    };
    const onVisibilityChange = () => {
      if (browserWindow?.document.visibilityState === 'visible') wake();
    };
    const onAbort = () => {
      cleanUp();
      reject(signal.reason);
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', onAbort, { once: true });
    browserWindow?.addEventListener('online', wake, { once: true });
    browserWindow?.document.addEventListener('visibilitychange', onVisibilityChange);
  });
}

/** Waits that long, whatever happens. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A controller that aborts with the signal, if there is one, until it is unlinked. */
export function linkedAbortController(signal: AbortSignal | null | undefined): {
  controller: AbortController;
  dispose: () => void;
} {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return { controller, dispose: () => signal?.removeEventListener('abort', onAbort) };
}
