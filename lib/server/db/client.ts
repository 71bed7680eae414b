import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Options, type PostgresType, type Sql } from 'postgres';
import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import * as schema from '@/lib/server/db/schema';
import { storableText } from '@/lib/server/db/storable';
import { UNPREPARED, withoutPipelining } from '@/lib/server/db/without-pipelining';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import { backoffMs } from '@/lib/shared/backoff';

export type Database = PostgresJsDatabase<typeof schema>;
/** Runs queries: the pool, or a transaction. */
export type Queryable = Pick<
  Database,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | '$count'
>;

/**
 * The process's connection pool. After `reset`, pending queries fail and new queries use new
 * connections.
 */
class ResettablePool {
  private current = openPool();
  /** Safe to keep: always delegates to the current pool. */
  readonly sql: Sql = new Proxy(function target() {} as unknown as Sql, {
    apply: (_target, _this, args: Parameters<Sql>) => this.current(...args),
    get: (_target, key) => Reflect.get(this.current, key),
  });
  readonly db: Database = drizzle(this.sql, { schema });

  reset(): void {
    const stalled = this.current;
    this.current = openPool();
    // Not awaited: a stalled connection cannot be closed cleanly.
    void stalled.end({ timeout: 0 });
  }
}

function openPool(): Sql {
  const { url, poolSize, pooled } = getConfig().database;
  const opened = pooled
    ? withoutPipelining(connect(url, poolSize, UNPREPARED))
    : connect(url, poolSize);
  // Drizzle configures the parsing and serialization of dates on the connections themselves.
  drizzle(opened);
  return opened;
}

const pool = () => processSingleton('databasePool', () => new ResettablePool());

/**
 * The process's connection pool. postgres.js connects on first use and reconnects after an outage;
 * queries wait meanwhile.
 */
export function sql(): Sql {
  return pool().sql;
}

/** Drizzle over the process's pool. */
export function db(): Database {
  return pool().db;
}

/**
 * Closes every pooled connection; pending queries fail with a connection error, and whether they
 * were executed is unknown. Otherwise queries to a database that disappeared without closing its
 * connections would wait for the TCP timeout.
 */
export function resetConnections(): void {
  pool().reset();
}

/**
 * Opens a separate pool.
 * @param max maximum number of connections
 * @param overrides options of postgres.js that replace the defaults below
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
    // Seconds. At most 1 s, well below RETRY_TIMEOUT_MS of retry-on-outage, so that a retry gets a
    // new connection.
    backoff: (attempt) => backoffMs(attempt, { initialMs: 100, maxMs: 1_000 }) / 1_000,
    onnotice: () => {},
    connection: { application_name: 'throughline' },
    types: { storableText: storableTextType(25), storableVarchar: storableTextType(1043) },
    ...overrides,
  });
}

/** Serializes parameters of a text type, given by its OID, and arrays of them. */
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
 * Whether Postgres was unreachable or the connection was lost, as opposed to a rejected statement.
 *
 * Any socket of the process can fail with the operating system's error codes. They count only on an
 * error with which postgres.js rejected a query (it has a `query` property), and never in the cause
 * of an AppError, whose code already names the failure.
 */
export function isConnectionError(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof AppError) return e.code === 'database_unavailable';
    const code = (e as { code?: unknown }).code;
    if (typeof code !== 'string') continue;
    if (code.startsWith('CONNECTION_') || code === 'CONNECT_TIMEOUT') return true;
    // Server shutting down or starting up, or too many connections; class 08: connection
    // exceptions.
    if (/^(57P0[123]|53300)$/.test(code) || /^08/.test(code)) return true;
    if (SOCKET_ERROR_CODES.test(code) && 'query' in e) return true;
  }
  return false;
}

/** Whether Postgres rejected a value that it cannot parse or store (class 22). */
export function isInvalidValueError(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code)) return true;
  }
  return false;
}

/** Whether the error is a violation of the named unique constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint_name } = e as { code?: string; constraint_name?: string };
    if (code === '23505' && constraint_name === constraint) return true;
  }
  return false;
}

/**
 * Whether Postgres may accept the same statement later. Classes 53 (disk full, out of memory), 40
 * (deadlock), 57 (shutdown, canceled) and 58 (I/O), a lock that was not available (55P03), a
 * read-only standby (25006).
 */
export function isTransientError(error: unknown): boolean {
  return hasSqlState(error, /^(?:53|40|57|58)...$|^55P03$|^25006$/);
}

/** Whether a statement was canceled because of another connection's lock: deadlock or timeout. */
export function isLockError(error: unknown): boolean {
  return hasSqlState(error, /^(?:40P01|55P03)$/);
}

/**
 * Whether Postgres will never accept this data. Classes 22 (data), 23 (constraints), 54 (too large,
 * too complex), P0 (rejected by a trigger).
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
