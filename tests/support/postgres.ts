import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { parseConfig } from '@/lib/server/config/parse-config';
import type { Config } from '@/lib/server/config/types';
import { migrate } from '@/lib/server/db/migrate';
import { sendSignal } from '@/scripts/lib/processes';
import { findBinaries } from '@/scripts/postgres/binaries';
import { type Cluster, ensureDatabase, startCluster } from '@/scripts/postgres/cluster';
import { ensureReachable } from '@/scripts/postgres/cluster-config';
import { chooseSystemUser } from '@/scripts/postgres/system-user';

/** The migrated database that new databases are copied from. */
const TEMPLATE = 'throughline_template';

export type TestPostgres = {
  /** URL of the empty database `throughline`. */
  url: string;
  /** URL of any database of this server. */
  urlOf(database: string): string;
  port: number;
  /** Process id of the running server; it changes with `restart`. */
  pid(): number;
  /** Shuts the server down and keeps its data. */
  shutDown(): Promise<void>;
  /** Starts the server again on the same port. */
  restart(): Promise<void>;
  /** Stops all its processes with SIGSTOP: connections stay open without responses until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Shuts the server down and removes its data. */
  destroy(): Promise<void>;
};

/** @param durable false: commits do not wait for the disk; tests do not simulate a power loss */
export async function startPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const home = await mkdtemp(path.join(tmpdir(), 'throughline-postgres-'));
  // PostgreSQL may run as another system user, who needs access to the folder.
  await chmod(home, 0o755);
  const systemUser = await chooseSystemUser(path.join(home, 'data'));
  const site = {
    dataDir: path.join(home, 'data'),
    logFile: path.join(home, 'log'),
    binaries: await ensureReachable(systemUser, await findBinaries()),
    systemUser,
    settings: { max_connections: '300', ...(durable ? {} : { fsync: 'off' }) },
  };
  let cluster: Cluster = await startCluster(site);
  await ensureDatabase(cluster, 'throughline');
  const { port } = cluster;
  return {
    url: cluster.url('throughline'),
    urlOf: cluster.url,
    port,
    pid: () => cluster.pid,
    shutDown: () => cluster.stop(),
    restart: async () => {
      cluster = await startCluster(site, port);
    },
    freeze: () => signalAll(cluster.pid, 'SIGSTOP'),
    thaw: () => signalAll(cluster.pid, 'SIGCONT'),
    destroy: async () => {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Signals the postmaster first, so that it starts no further processes, then its children. */
function signalAll(postmaster: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(postmaster, name);
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  for (const row of table.trim().split('\n')) {
    const [pid, parent] = row.trim().split(/\s+/).map(Number);
    if (pid && parent === postmaster) sendSignal(pid, name);
  }
}

/** The configuration of a database that is reached without a pooler. */
export function directDatabase(url: string): Config['database'] {
  return parseConfig({ POSTGRES_URL: url }).database;
}

/** Creates the template database that `createDatabase` copies; called once by the global setup. */
export async function prepareTemplate(server: TestPostgres): Promise<void> {
  const cluster = server.urlOf('postgres');
  await asAdmin(cluster, (sql) => sql`create database ${sql(TEMPLATE)}`);
  await migrate(directDatabase(server.urlOf(TEMPLATE)));
}

/** Creates a migrated, empty database on a server whose template is prepared. */
export async function createDatabase(
  adminUrl: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)} template ${sql(TEMPLATE)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

async function asAdmin(
  url: string,
  act: (sql: postgres.Sql) => PromiseLike<unknown>,
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await act(sql);
  } finally {
    await sql.end();
  }
}
