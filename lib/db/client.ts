import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Options, type PostgresType, type Sql } from 'postgres';
import { getConfig } from '@/lib/config';
import * as schema from '@/lib/db/schema';
import { processSingleton } from '@/lib/process';

export type Database = PostgresJsDatabase<typeof schema>;
/** What a query runs on: the pool, or the transaction it is part of. */
export type Queryable = Pick<
  Database,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | '$count'
>;

/**
 * The process's pool of connections. postgres.js connects on first use, connects again by itself
 * after an outage, and lets queries wait meanwhile.
 */
export function sql(): Sql {
  return processSingleton('sql', () => {
    const { database } = getConfig();
    return connect(database.url, database.poolSize);
  });
}

/** Drizzle over the process's pool. */
export function db(): Database {
  return processSingleton('db', () => drizzle(sql(), { schema }));
}

/**
 * A pool of its own.
 * @param max connections, at most
 * @param more options of postgres.js in place of ours
 */
export function connect(
  url: string,
  max: number,
  more: Options<Record<string, PostgresType>> = {},
): Sql {
  return postgres(url, {
    max,
    idle_timeout: 300,
    connect_timeout: 5,
    // Grows to 2 s: an outage ends for us soon after it ends.
    backoff: (attempt) => Math.min(2, 0.1 * 2 ** attempt),
    onnotice: () => {},
    connection: { application_name: 'throughline' },
    ...more,
  });
}

/** Whether the error says that Postgres could not be reached or went away, not that it refused. */
export function isConnectionError(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const code = (e as { code?: unknown }).code;
    if (typeof code !== 'string') continue;
    if (code.startsWith('CONNECTION_') || code === 'CONNECT_TIMEOUT') return true;
    // 57P01-57P03: the server shuts down or starts up; class 08: connection exceptions.
    if (/^57P0[123]$/.test(code) || /^08/.test(code)) return true;
    if (/^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code))
      return true;
  }
  return false;
}

/** Whether the error is the violation of the named unique constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint_name } = e as { code?: string; constraint_name?: string };
    if (code === '23505' && constraint_name === constraint) return true;
  }
  return false;
}
