/** Timers and promises of the browser that are counted: a program that waits for one is not over. */

export type Timers = {
  /** Resolves when nothing is left that anything could come of. */
  idle: () => Promise<void>;
};

type Callback = (...values: unknown[]) => void;

type Methods = Record<string, unknown>;

const BODY = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'];

/** What answers by a promise that no timer is behind. */
function asynchronous(scope: typeof globalThis): Array<[owner: Methods, names: readonly string[]]> {
  const subtle = Object.getPrototypeOf(scope.crypto?.subtle ?? {}) as Methods;
  return [
    [scope.Blob.prototype as unknown as Methods, BODY],
    [scope.Response.prototype as unknown as Methods, BODY],
    [scope.Request.prototype as unknown as Methods, BODY],
    [scope.WebAssembly as unknown as Methods, ['compile', 'instantiate']],
    [
      subtle,
      ['decrypt', 'deriveBits', 'deriveKey', 'digest', 'encrypt', 'exportKey', 'generateKey'],
    ],
    [subtle, ['importKey', 'sign', 'unwrapKey', 'verify', 'wrapKey']],
  ];
}

/** Puts counted timers, and counted promises, in the place of the scope's own. */
export function countTimers(scope: typeof globalThis): Timers {
  const { setTimeout, setInterval, clearTimeout } = scope;
  const pending = new Set<number>();
  let promises = 0;
  let whenIdle: (() => void) | undefined;
  const look = () => {
    if (pending.size === 0 && promises === 0) whenIdle?.();
  };
  // What a callback leaves behind (a promise that resolves into a new timer) has its turn first.
  const lookLater = () => setTimeout(look, 0);

  function counted(start: typeof setTimeout, once: boolean) {
    return (callback: Callback | string, ms?: number, ...values: unknown[]): number => {
      const run: Callback =
        typeof callback === 'function' ? callback : () => scope.eval(String(callback));
      const id = start(() => {
        if (once) pending.delete(id);
        try {
          run(...values);
        } finally {
          lookLater();
        }
      }, ms) as unknown as number;
      pending.add(id);
      return id;
    };
  }
  const clear = (id?: number) => {
    clearTimeout(id);
    if (id !== undefined && pending.delete(id)) lookLater();
  };
  Object.assign(scope, {
    setTimeout: counted(setTimeout, true),
    setInterval: counted(setInterval as typeof setTimeout, false),
    clearTimeout: clear,
    clearInterval: clear,
  });
  const done = () => {
    promises--;
    lookLater();
  };
  for (const [owner, names] of asynchronous(scope)) {
    for (const name of names) {
      const own = owner[name];
      if (typeof own !== 'function') continue;
      owner[name] = function counted(this: unknown, ...values: unknown[]) {
        const promise = Reflect.apply(own, this, values) as Promise<unknown>;
        promises++;
        promise.then(done, done);
        return promise;
      };
    }
  }
  return {
    idle: () =>
      new Promise((resolve) => {
        whenIdle = resolve;
        lookLater();
      }),
  };
}
