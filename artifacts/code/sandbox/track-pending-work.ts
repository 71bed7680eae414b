/** Timers and promises of the browser that are counted: a program that waits for one is not over. */

export type PendingWork = {
  /** Resolves when nothing is left that anything could come of. */
  idle: () => Promise<void>;
};

type Callback = (...values: unknown[]) => void;

type Methods = Record<string, unknown>;

const BODY_METHODS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'];

/** What answers by a promise that no timer is behind. */
function asyncMethods(scope: typeof globalThis): Array<[owner: Methods, names: readonly string[]]> {
  const subtle = Object.getPrototypeOf(scope.crypto?.subtle ?? {}) as Methods;
  return [
    [scope.Blob.prototype as unknown as Methods, BODY_METHODS],
    [scope.Response.prototype as unknown as Methods, BODY_METHODS],
    [scope.Request.prototype as unknown as Methods, BODY_METHODS],
    [scope.WebAssembly as unknown as Methods, ['compile', 'instantiate']],
    [
      subtle,
      ['decrypt', 'deriveBits', 'deriveKey', 'digest', 'encrypt', 'exportKey', 'generateKey'],
    ],
    [subtle, ['importKey', 'sign', 'unwrapKey', 'verify', 'wrapKey']],
  ];
}

/** Puts counted timers, and counted promises, in the place of the scope's own. */
export function trackPendingWork(scope: typeof globalThis): PendingWork {
  const { setTimeout, setInterval, clearTimeout } = scope;
  const pendingTimers = new Set<number>();
  let pendingPromises = 0;
  let resolveIdle: (() => void) | undefined;
  const checkIdle = () => {
    if (pendingTimers.size === 0 && pendingPromises === 0) resolveIdle?.();
  };
  // What a callback leaves behind (a promise that resolves into a new timer) has its turn first.
  const scheduleIdleCheck = () => setTimeout(checkIdle, 0);

  function trackTimer(start: typeof setTimeout, once: boolean) {
    return (callback: Callback | string, ms?: number, ...values: unknown[]): number => {
      const run: Callback =
        typeof callback === 'function' ? callback : () => scope.eval(String(callback));
      const id = start(() => {
        if (once) pendingTimers.delete(id);
        try {
          run(...values);
        } finally {
          scheduleIdleCheck();
        }
      }, ms) as unknown as number;
      pendingTimers.add(id);
      return id;
    };
  }
  const clear = (id?: number) => {
    clearTimeout(id);
    if (id !== undefined && pendingTimers.delete(id)) scheduleIdleCheck();
  };
  Object.assign(scope, {
    setTimeout: trackTimer(setTimeout, true),
    setInterval: trackTimer(setInterval as typeof setTimeout, false),
    clearTimeout: clear,
    clearInterval: clear,
  });
  const onSettled = () => {
    pendingPromises--;
    scheduleIdleCheck();
  };
  for (const [owner, names] of asyncMethods(scope)) {
    for (const name of names) {
      const native = owner[name];
      if (typeof native !== 'function') continue;
      owner[name] = function trackTimer(this: unknown, ...values: unknown[]) {
        const promise = Reflect.apply(native, this, values) as Promise<unknown>;
        pendingPromises++;
        promise.then(onSettled, onSettled);
        return promise;
      };
    }
  }
  return {
    idle: () =>
      new Promise((resolve) => {
        resolveIdle = resolve;
        scheduleIdleCheck();
      }),
  };
}
