/**
 * Native functions, captured before the page runs: the page may replace any property of any
 * prototype, even `Function.prototype.call`, and its function would be called instead.
 */
const { apply, ownKeys, deleteProperty } = Reflect;
const { getOwnPropertyDescriptor, defineProperty } = Object;
const { exec } = RegExp.prototype;
const replaceMatches = RegExp.prototype[Symbol.replace];

type AnyFunction = (...values: never[]) => unknown;

/** Returns the function with `this` as its first parameter. */
export function uncurryThis<This, Args extends unknown[], Result>(
  native: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return (self, ...args) => apply(native as AnyFunction, self, args) as Result;
}

/** Returns a function that reads a DOM property by the native getter of the prototype. */
export function nativeGetter<Owner extends object, Key extends keyof Owner & string>(
  prototype: Owner,
  name: Key,
): (self: Owner) => Owner[Key] {
  const get = getOwnPropertyDescriptor(prototype, name)?.get as AnyFunction;
  return (self) => apply(get, self, []) as Owner[Key];
}

/** Defines a property that the page can neither change nor delete. */
export function defineReadOnly(owner: object, name: string, value: unknown): void {
  defineProperty(owner, name, { value, configurable: false, writable: false });
}

/** Deletes all methods whose name matches. */
export function deleteMethods(owner: object, pattern: RegExp): void {
  for (const name of ownKeys(owner)) {
    if (typeof name === 'string' && pattern.test(name)) deleteProperty(owner, name);
  }
}

/**
 * Returns a function that replaces all matches without calling methods that the page can change.
 * @param pattern with the flag `g`
 */
export function createReplacer(
  pattern: RegExp,
): (text: string, replacement: string | ((match: string) => string)) => string {
  defineProperty(pattern, 'exec', { value: exec });
  defineProperty(pattern, 'flags', { value: pattern.flags });
  return (text, replacement) =>
    apply(replaceMatches as AnyFunction, pattern, [text, replacement]) as string;
}
