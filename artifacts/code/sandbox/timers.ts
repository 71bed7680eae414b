/** Timers that are counted: a program that waits for one is not over. */

export type Timers = {
  /** Resolves when no timer is left that anything could come of. */
  idle: () => Promise<void>;
};

type Callback = (...values: unknown[]) => void;

/** Puts counted timers in the place of the scope's own. */
export function countTimers(scope: typeof globalThis): Timers {
  const { setTimeout, setInterval, clearTimeout } = scope;
  const pending = new Set<number>();
  let whenIdle: (() => void) | undefined;
  const look = () => {
    if (pending.size === 0) whenIdle?.();
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
  return {
    idle: () =>
      new Promise((resolve) => {
        whenIdle = resolve;
        lookLater();
      }),
  };
}
