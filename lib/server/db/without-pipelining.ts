import type { Sql } from 'postgres';

/**
 * Options of postgres.js for addresses that lead to a pooler in transaction mode: a statement that one
 * backend knows by a name is not there on the next one, or is another one.
 */
export const UNPREPARED = { prepare: false } as const;

/** What postgres.js keeps of a query: it sends the next one before the answer unless this is false. */
type Query = { options: { onexecute?: () => boolean } };

/**
 * The same pool without pipelining: each connection sends a query when it has the answer to the last
 * one. A pooler takes a backend back as soon as all answers that it waits for are there; the beginning
 * of another query that is on its way then belongs to nobody, and its answer never comes. Queries
 * within a transaction are not concerned.
 */
export function withoutPipelining(sql: Sql): Sql {
  const disablePipelining = <T>(value: T): T => {
    // Identifiers and values are made by the same function, and have no options.
    const query = value as T & Partial<Query>;
    // Not documented: the driver's own `begin` keeps other queries off its connection by it.
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
