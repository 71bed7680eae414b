/**
 * One instance a process, whichever bundle asks.
 *
 * Next.js bundles routes and instrumentation apart, so a module's own variables may exist more than
 * once in a process. What must be one (the database pool, the hub of live runs, the configuration)
 * hangs on globalThis instead.
 */

const REGISTRY = Symbol.for('throughline.singletons');

type Registry = Map<string, unknown>;

/**
 * The value kept under `name`, made by the first call.
 * @param name unique in the process; the same name must always be asked for with the same type.
 */
export function processSingleton<T>(name: string, create: () => T): T {
  const globals = globalThis as { [REGISTRY]?: Registry };
  globals[REGISTRY] ??= new Map();
  const registry = globals[REGISTRY];
  if (!registry.has(name)) registry.set(name, create());
  return registry.get(name) as T;
}
