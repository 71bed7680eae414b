/**
 * Singletons per process, shared by all bundles.
 *
 * Next.js bundles routes and instrumentation separately, so module variables may exist more than
 * once in a process. Objects that must be unique (the database pool, the hub of live runs, the
 * configuration) are stored on globalThis instead.
 */

const REGISTRY = Symbol.for('throughline.singletons');

type Registry = Map<string, unknown>;

/**
 * Returns the value stored under `name`; the first call creates it.
 * @param name unique in the process; every call with the same name must use the same type
 */
export function processSingleton<T>(name: string, create: () => T): T {
  const globals = globalThis as { [REGISTRY]?: Registry };
  globals[REGISTRY] ??= new Map();
  const registry = globals[REGISTRY];
  if (!registry.has(name)) registry.set(name, create());
  return registry.get(name) as T;
}
