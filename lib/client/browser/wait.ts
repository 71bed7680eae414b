/** Delays and abort controllers for connections. */

/**
 * Resolves after `ms`, or earlier when the network is back or the page becomes visible.
 * @throws the signal's reason when it aborts
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

/**
 * Resolves or rejects like `promise`, unless the signal aborts first. The work behind `promise` is
 * not canceled.
 * @throws the signal's reason when it aborts
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Resolves after `ms`. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Returns a controller that aborts when `signal` does, until `dispose` is called. */
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
