/** In-memory exclusive Web Locks for tests without a browser. */
export function memoryLocks(): LockManager {
  const queues = new Map<string, Promise<unknown>>();
  async function request(
    name: string,
    optionsOrCallback: LockOptions | LockGrantedCallback<unknown>,
    lastArgument?: LockGrantedCallback<unknown>,
  ): Promise<unknown> {
    const options = typeof optionsOrCallback === 'function' ? {} : optionsOrCallback;
    const callback = typeof optionsOrCallback === 'function' ? optionsOrCallback : lastArgument;
    if (options.ifAvailable && queues.has(name)) return await callback?.(null);
    const previous = queues.get(name);
    const granted = (async () => {
      await previous;
      options.signal?.throwIfAborted();
      return await callback?.({ name, mode: 'exclusive' });
    })();
    const settled = granted.then(
      () => {},
      () => {},
    );
    queues.set(name, settled);
    settled.then(() => queues.get(name) === settled && queues.delete(name));
    return await granted;
  }
  return { request, query: async () => ({}) } as LockManager;
}
