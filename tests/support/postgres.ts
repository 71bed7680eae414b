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

/** The migrated database that fresh ones are copied from. */
const TEMPLATE = 'throughline_template';

export type TestPostgres = {
  /** An empty database of the server: `throughline`. */
  url: string;
  /** The address of any of its databases. */
  urlOf(database: string): string;
  port: number;
  /** The server's process now: signals to it are the test's outage. */
  pid(): number;
  /** Shuts it down, keeps its data, and starts it on the same port with `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Lets all its processes hang: connections stay open and nothing answers, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/** @param durable false: commits do not wait for the disk, as fits a test that loses no power */
export async function startPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const home = await mkdtemp(path.join(tmpdir(), 'throughline-postgres-'));
  // PostgreSQL may run as another user, who has to get through.
  await chmod(home, 0o755);
  const account = await chooseSystemUser(path.join(home, 'data'));
  const site = {
    dataDir: path.join(home, 'data'),
    logFile: path.join(home, 'log'),
    binaries: await ensureReachable(account, await findBinaries()),
    account,
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
    pause: () => cluster.stop(),
    resume: async () => {
      cluster = await startCluster(site, port);
    },
    freeze: () => signalAll(cluster.pid, 'SIGSTOP'),
    thaw: () => signalAll(cluster.pid, 'SIGCONT'),
    stop: async () => {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** To the server first, so that it starts nothing that would be missed, then to all it has started. */
function signalAll(postmaster: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(postmaster, name);
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  for (const row of table.trim().split('\n')) {
    const [pid, parent] = row.trim().split(/\s+/).map(Number);
    if (pid && parent === postmaster) sendSignal(pid, name);
  }
}

/** The settings of a database that is reached without a pooler. */
export function directDatabase(url: string): Config['database'] {
  return parseConfig({ POSTGRES_URL: url }).database;
}

/** Makes the database that `freshDatabase` copies; done once, by the global set-up. */
export async function prepareTemplate(server: TestPostgres): Promise<void> {
  const cluster = server.urlOf('postgres');
  await asAdmin(cluster, (sql) => sql`create database ${sql(TEMPLATE)}`);
  await migrate(directDatabase(server.urlOf(TEMPLATE)));
}

/** A migrated, empty database of its own on a server whose template is prepared. */
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
