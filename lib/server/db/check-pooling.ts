import type { Sql } from 'postgres';
import { ConfigError } from '@/lib/server/config/config-error';
import type { Config } from '@/lib/server/config/types';
import { VARIABLES } from '@/lib/server/config/variables';
import { connect } from '@/lib/server/db/client';
import { UNPREPARED } from '@/lib/server/db/without-pipelining';

/** If other processes use the same pooler, a few rounds may not be enough to detect it. */
const MAX_ROUNDS = 20;

/**
 * Rejects database addresses of a pooler that would lose session locks and notifications or mix up
 * prepared statements.
 * @throws ConfigError that names the variable to set; an error of postgres.js if it cannot connect
 */
export async function checkPooling(database: Config['database']): Promise<void> {
  const { url, sessionUrl, pooled, embedded } = database;
  if (embedded) return;
  if (await isTransactionPooled(sessionUrl)) {
    throw poolingError(
      pooled
        ? 'is the address of a pooler in transaction mode, like POSTGRES_URL: it must be the address of the database itself'
        : 'is not set, and POSTGRES_URL is the address of a pooler in transaction mode (such as PgBouncer): set it to the direct address of the same database',
    );
  }
  if (pooled && (await readDatabaseIdentity(url)) !== (await readDatabaseIdentity(sessionUrl))) {
    throw poolingError(
      'and POSTGRES_URL are addresses of different databases: both must be the same one',
    );
  }
}

function poolingError(problem: string): ConfigError {
  const { example } = VARIABLES.POSTGRES_DIRECT_URL;
  return new ConfigError([{ variable: 'POSTGRES_DIRECT_URL', problem, example }]);
}

/**
 * Whether a pooler assigns the database's backends (server processes) to connections for one
 * transaction at a time. Then the backend of an open connection changes, or two open connections
 * share one. Neither happens without a pooler or with one in session mode.
 */
async function isTransactionPooled(url: string): Promise<boolean> {
  const clients = [openSingleConnection(url), openSingleConnection(url)] as const;
  const backends = new Map<string, number>();
  const connections = new Map<number, string>();
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let isDirect = true;
      // Each twice in a row: a pooler may use its backends round-robin.
      for (const index of [0, 0, 1, 1] as const) {
        const { pid, announcedPid } = await readBackendPids(clients[index]);
        // A reconnect makes it another connection.
        const connection = `${index}:${announcedPid}`;
        if ((backends.get(connection) ?? pid) !== pid) return true;
        if ((connections.get(pid) ?? connection) !== connection) return true;
        backends.set(connection, pid);
        connections.set(pid, connection);
        isDirect &&= announcedPid === pid;
      }
      if (isDirect) return false;
    }
    return false;
  } finally {
    await Promise.all(clients.map((client) => client.end({ timeout: 1 })));
  }
}

/**
 * Returns the process id of the backend that runs this statement, and the one announced when the
 * connection was opened, which a pooler invents.
 */
async function readBackendPids(sql: Sql): Promise<{ pid: number; announcedPid: number }> {
  const result = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
  return { pid: result[0].pid, announcedPid: result.state.pid };
}

/**
 * Returns the same text for all addresses of one database.
 * @throws the error of a pooler that does not allow transactions
 */
async function readDatabaseIdentity(url: string): Promise<string> {
  const sql = openSingleConnection(url);
  try {
    const [row] = await sql.begin(
      (transaction) => transaction<[{ identity: string }]>`
        select concat_ws(' ', oid, datname, pg_postmaster_start_time()) as identity
        from pg_database where datname = current_database()`,
    );
    return row.identity;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function openSingleConnection(url: string): Sql {
  return connect(url, 1, { ...UNPREPARED, fetch_types: false });
}
