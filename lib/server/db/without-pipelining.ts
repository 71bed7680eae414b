import type { Sql } from 'postgres';

/**
 * Options of postgres.js for a pooler in transaction mode: a named prepared statement of one
 * backend is missing on the next one, or is a different statement there.
 */
export const UNPREPARED = { prepare: false } as const;

/**
 * Internals of a postgres.js query: the driver sends the next query before the response arrives
 * unless `onexecute` returns false.
 */
type Query = { options: { onexecute?: () => boolean } };

/**
 * Returns the pool without pipelining: each connection sends a query only after the response to the
 * previous one. A pooler releases a backend once all responses that it waits for have arrived; the
 * start of another query that is in flight then has no backend, and its response never arrives.
 * Queries within a transaction are not affected.
 */
export function withoutPipelining(sql: Sql): Sql {
  const disablePipelining = <T>(value: T): T => {
    // The same function creates identifiers and values, which have no options.
    const query = value as T & Partial<Query>;
    // Undocumented: the driver's own `begin` uses it to keep other queries off its connection.
    if (query.options) query.options.onexecute = () => false;
    return value;
  };
  return new Proxy(sql, {
    apply: (target, _this, args: Parameters<Sql>) => disablePipelining(target(...args)),
    get: (target, key) =>
      key === 'unsafe'
        ? (...args: Parameters<Sql['unsafe']>) => disablePipelining(target.unsafe(...args))
        : Reflect.get(target, key),
  });
}
