import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Options, type PostgresType, type Sql } from 'postgres';
import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import * as schema from '@/lib/server/db/schema';
import { storableText } from '@/lib/server/db/storable';
import { UNPREPARED, withoutPipelining } from '@/lib/server/db/without-pipelining';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

export type Database = PostgresJsDatabase<typeof schema>;
/** What a query runs on: the pool, or the transaction it is part of. */
export type Queryable = Pick<
  Database,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | '$count'
>;

/**
 * The process's connections. They may be given up: then everybody who waits on one of them gets an
 * error, and what is asked next goes over new ones.
 */
class ResettablePool {
  private current = openPool();
  /** Whoever keeps it has the present connections at any time. */
  readonly sql: Sql = new Proxy(function target() {} as unknown as Sql, {
    apply: (_target, _this, args: Parameters<Sql>) => this.current(...args),
    get: (_target, key) => Reflect.get(this.current, key),
  });
  readonly db: Database = drizzle(this.sql, { schema });

  reset(): void {
    const stalled = this.current;
    this.current = openPool();
    // Where nothing gets through, the goodbye does not either: nobody waits for it.
    void stalled.end({ timeout: 0 });
  }
}

function openPool(): Sql {
  const { url, poolSize, pooled } = getConfig().database;
  const opened = pooled
    ? withoutPipelining(connect(url, poolSize, UNPREPARED))
    : connect(url, poolSize);
  // Drizzle sets on the connections themselves how they read and write dates.
  drizzle(opened);
  return opened;
}

const pool = () => processSingleton('databasePool', () => new ResettablePool());

/**
 * The process's pool of connections. postgres.js connects on first use, connects again by itself
 * after an outage, and lets queries wait meanwhile.
 */
export function sql(): Sql {
  return pool().sql;
}

/** Drizzle over the process's pool. */
export function db(): Database {
  return pool().db;
}

/**
 * Gives up all connections of the process's pool, whatever hangs on them: a database that is gone
 * without a word would otherwise be waited for as long as TCP is patient. Each query that waits
 * fails with a connection error; whether it was carried out is not known.
 */
export function resetConnections(): void {
  pool().reset();
}

/**
 * A pool of its own.
 * @param max connections, at most
 * @param overrides options of postgres.js in place of ours
 */
export function connect(
  url: string,
  max: number,
  overrides: Options<Record<string, PostgresType>> = {},
): Sql {
  return postgres(url, {
    max,
    idle_timeout: 300,
    connect_timeout: 3,
    // Grows to 1 s, well below SECOND_TRY_MS of read-again: who reads a second time has a new connection.
    backoff: (attempt) => Math.min(1, 0.1 * 2 ** attempt),
    onnotice: () => {},
    connection: { application_name: 'throughline' },
    types: { storableText: storableTextType(25), storableVarchar: storableTextType(1043) },
    ...overrides,
  });
}

/** How postgres.js writes parameters of a text type, given by its OID, and arrays of them. */
function storableTextType(oid: number): PostgresType {
  return {
    to: oid,
    from: [oid],
    serialize: (value: unknown) => storableText(`${value}`),
    parse: (text: string) => text,
  };
}

const SOCKET_ERROR_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * Whether the error says that Postgres could not be reached or went away, not that it refused.
 *
 * Any connection of the process can fail with the operating system's codes. They count only on an
 * error that postgres.js rejected a query with, which it marks with that query, and never below an
 * AppError, whose code already says what failed.
 */
export function isConnectionError(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof AppError) return e.code === 'database_unavailable';
    const code = (e as { code?: unknown }).code;
    if (typeof code !== 'string') continue;
    if (code.startsWith('CONNECTION_') || code === 'CONNECT_TIMEOUT') return true;
    // The server shuts down or starts up, or has no connection left; class 08: connection exceptions.
    if (/^(57P0[123]|53300)$/.test(code) || /^08/.test(code)) return true;
    if (SOCKET_ERROR_CODES.test(code) && 'query' in e) return true;
  }
  return false;
}

/** Whether Postgres refused a value itself: one that it cannot read or keep (class 22). */
export function isInvalidValueError(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code)) return true;
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

/**
 * Whether Postgres refused for now what it may take later. Classes 53 (disk full, out of memory), 40
 * (deadlock), 57 (shutdown, cancelled) and 58 (I/O), a lock that was not free, a read-only standby.
 */
export function isTransientError(error: unknown): boolean {
  return hasSqlState(error, /^(?:53|40|57|58)...$|^55P03$|^25006$/);
}

/**
 * Whether Postgres will never take this data. Classes 22 (data), 23 (constraints), 54 (too large, too
 * complex), P0 (refused by a trigger).
 */
export function isPermanentError(error: unknown): boolean {
  return hasSqlState(error, /^(?:22|23|54|P0)...$/);
}

function hasSqlState(error: unknown, states: RegExp): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string' && states.test(code)) return true;
  }
  return false;
}
