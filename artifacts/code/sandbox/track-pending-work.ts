/** Counts pending timers and native promises: a program that waits for one has not ended. */

export type PendingWork = {
  /** Resolves when no timer or promise is pending. */
  idle: () => Promise<void>;
};

type Callback = (...values: unknown[]) => void;

type Methods = Record<string, unknown>;

const BODY_METHODS = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'];

/** Native methods that return a promise independent of timers. */
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

/** Replaces timers and asynchronous methods of the scope with counting versions. */
export function trackPendingWork(scope: typeof globalThis): PendingWork {
  const { setTimeout, setInterval, clearTimeout } = scope;
  const pendingTimers = new Set<number>();
  let pendingPromises = 0;
  let resolveIdle: (() => void) | undefined;
  const checkIdle = () => {
    if (pendingTimers.size === 0 && pendingPromises === 0) resolveIdle?.();
  };
  // A timer, so that promises of a callback run first: they may start a new timer.
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
      owner[name] = function trackPromise(this: unknown, ...values: unknown[]) {
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
