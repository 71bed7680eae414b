/**
 * Resolves like `promise`, or with the value of `onTimeout` after `timeoutMs`. The work behind
 * `promise` is not canceled, and its later rejection is ignored.
 * @throws what `promise` rejects with, or what `onTimeout` throws
 */
export async function withTimeout<T, U>(
  promise: PromiseLike<T>,
  timeoutMs: number,
  onTimeout: () => U,
): Promise<T | U> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout.then(onTimeout)]);
  } finally {
    clearTimeout(timer);
  }
}
