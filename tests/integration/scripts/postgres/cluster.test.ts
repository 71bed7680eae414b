import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { isAlive, processIdentity, waitForExit } from '@/scripts/lib/processes';
import { findBinaries } from '@/scripts/postgres/binaries';
import {
  type Cluster,
  type ClusterConfig,
  ensureDatabase,
  startCluster,
} from '@/scripts/postgres/cluster';
import { ensureReachable } from '@/scripts/postgres/cluster-config';
import { chooseSystemUser } from '@/scripts/postgres/system-user';

let home: string;
let config: ClusterConfig;
/** A new data directory, which the tests copy: initdb takes longer than all else that they do. */
let template: ClusterConfig;
const clusters: Cluster[] = [];

/** Creates a folder for a data directory, and its configuration. */
async function createConfig(): Promise<ClusterConfig> {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-cluster-'));
  chmodSync(folder, 0o755);
  const dataDir = path.join(folder, 'data');
  const systemUser = await chooseSystemUser(dataDir);
  const binaries = await ensureReachable(systemUser, await findBinaries());
  return { dataDir, logFile: path.join(folder, 'log'), binaries, systemUser };
}

beforeAll(async () => {
  template = await createConfig();
  await (await startCluster(template)).stop();
});

afterAll(() => rmSync(path.dirname(template.dataDir), { recursive: true, force: true }));

beforeEach(async () => {
  config = await createConfig();
  home = path.dirname(config.dataDir);
  execFileSync('cp', ['-a', template.dataDir, config.dataDir]);
});

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

async function start(): Promise<Cluster> {
  const cluster = await startCluster(config);
  clusters.push(cluster);
  return cluster;
}

async function runQuery(cluster: Cluster, query: string): Promise<postgres.Row[]> {
  const sql = postgres(cluster.url('postgres'), { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(query))];
  } finally {
    await sql.end();
  }
}

async function killProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitForExit(pid, 60_000);
}

/** Starts a process, which ends with the test. */
function spawnUnrelatedProcess(systemUser: ClusterConfig['systemUser'] = null) {
  const child = spawn('sleep', ['600'], { ...systemUser, stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  return child;
}

test('committed data survives a kill -9 of the server', async () => {
  const first = await start();
  await runQuery(first, 'create table kept as select 42 as answer');
  await killProcess(first.pid);
  expect(await runQuery(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a server whose parent process was killed is shut down, and its data is used again', async () => {
  const first = await start();
  await runQuery(first, 'create table kept as select 42 as answer');
  // The owner file now names a process that does not exist.
  writeFileSync(path.join(config.dataDir, 'throughline-owner'), '999999999 gone');
  const second = await start();
  expect(isAlive(first.pid)).toBe(false);
  expect(await runQuery(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a server whose parent process is running is not touched', async () => {
  const first = await start();
  const other = spawnUnrelatedProcess();
  const owner = `${other.pid} ${processIdentity(other.pid as number)}`;
  writeFileSync(path.join(config.dataDir, 'throughline-owner'), owner);
  await expect(startCluster(config)).rejects.toThrow(`in use by process ${other.pid}`);
  expect(isAlive(first.pid)).toBe(true);
});

test('an unrelated process with the pid of the killed server does not prevent a start and is not touched', async () => {
  const first = await start();
  await killProcess(first.pid);
  // As if another process had got the pid after a reboot.
  const other = spawnUnrelatedProcess(config.systemUser);
  const file = path.join(config.dataDir, 'postmaster.pid');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)));
  await start();
  expect(isAlive(other.pid as number)).toBe(true);
});

test('a lock file that a power failure left empty does not prevent a start', async () => {
  const first = await start();
  await first.stop();
  writeFileSync(path.join(config.dataDir, 'postmaster.pid'), '');
  await start();
});

test('a setup that was killed halfway starts over', async () => {
  rmSync(config.dataDir, { recursive: true });
  mkdirSync(path.join(`${config.dataDir}.new`, 'base'), { recursive: true });
  expect(await runQuery(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('the database uses UTF-8 and the built-in locale provider, and lowercases every script', async () => {
  const cluster = await start();
  await ensureDatabase(cluster, 'throughline');
  const [row] = await runQuery(
    cluster,
    `select lower('ÄΩЖ') as lower, datlocprovider as provider, pg_encoding_to_char(encoding) as encoding
       from pg_database where datname = 'throughline'`,
  );
  expect(row).toEqual({ lower: 'äωж', provider: 'b', encoding: 'UTF8' });
});

test('connections need the password and come only from this machine', async () => {
  const cluster = await start();
  const url = new URL(cluster.url('postgres'));
  url.password = 'guessed';
  const sql = postgres(url.href, { max: 1 });
  await expect(sql`select 1`).rejects.toThrow('password authentication failed');
  await sql.end();
  expect(await runQuery(cluster, 'show listen_addresses')).toEqual([
    { listen_addresses: '127.0.0.1' },
  ]);
});
