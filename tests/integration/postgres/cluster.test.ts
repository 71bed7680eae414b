import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, waitForExit } from '@/scripts/lib/processes';
import { chooseAccount } from '@/scripts/postgres/account';
import { findBinaries } from '@/scripts/postgres/binaries';
import { type Cluster, ensureDatabase, type Site, startCluster } from '@/scripts/postgres/cluster';
import { reachable } from '@/scripts/postgres/place';

let home: string;
let site: Site;
const clusters: Cluster[] = [];

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'throughline-cluster-'));
  chmodSync(home, 0o755);
  const dataDir = path.join(home, 'data');
  const account = await chooseAccount(dataDir);
  const binaries = await reachable(account, await findBinaries());
  site = { dataDir, logFile: path.join(home, 'log'), binaries, account };
});

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.stop();
  rmSync(home, { recursive: true, force: true });
});

async function start(): Promise<Cluster> {
  const cluster = await startCluster(site);
  clusters.push(cluster);
  return cluster;
}

async function ask(cluster: Cluster, query: string): Promise<postgres.Row[]> {
  const sql = postgres(cluster.url('postgres'), { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(query))];
  } finally {
    await sql.end();
  }
}

async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitForExit(pid, 5_000);
}

/** The process that a computer that has been restarted gave our server's old pid to. */
function stranger() {
  return spawn('sleep', ['60'], { ...site.account, stdio: 'ignore' });
}

test('what was committed is there after a kill -9 of the server', async () => {
  const first = await start();
  await ask(first, 'create table kept as select 42 as answer');
  await killHard(first.pid);
  expect(await ask(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a server whose starter was killed is shut down and its data goes on', async () => {
  const first = await start();
  await ask(first, 'create table kept as select 42 as answer');
  // The file that names the starter now names a process that is gone.
  writeFileSync(path.join(site.dataDir, 'throughline-owner'), '999999999 gone');
  const second = await start();
  expect(isAlive(first.pid)).toBe(false);
  expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a server whose starter lives is left alone', async () => {
  const first = await start();
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  const { processIdentity } = await import('@/scripts/lib/processes');
  const owner = `${other.pid} ${processIdentity(other.pid as number)}`;
  writeFileSync(path.join(site.dataDir, 'throughline-owner'), owner);
  await expect(startCluster(site)).rejects.toThrow(`in use by process ${other.pid}`);
  expect(isAlive(first.pid)).toBe(true);
  other.kill();
});

test("a stranger with the dead server's pid stops nothing and is not touched", async () => {
  const first = await start();
  await killHard(first.pid);
  const other = stranger();
  const file = path.join(site.dataDir, 'postmaster.pid');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)));
  await start();
  expect(isAlive(other.pid as number)).toBe(true);
  other.kill();
});

test('a lock file that a power cut left empty stops nothing', async () => {
  const first = await start();
  await first.stop();
  writeFileSync(path.join(site.dataDir, 'postmaster.pid'), '');
  await start();
});

test('set-up that was killed half-way is begun anew', async () => {
  const draft = spawn('mkdir', ['-p', path.join(`${site.dataDir}.new`, 'base')]);
  await new Promise((resolve) => draft.once('close', resolve));
  expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('text of every script is stored, compared and sorted the same everywhere', async () => {
  const cluster = await start();
  await ensureDatabase(cluster, 'throughline');
  const [row] = await ask(
    cluster,
    `select lower('ÄΩЖ') as lower, datlocprovider as provider, pg_encoding_to_char(encoding) as encoding
       from pg_database where datname = 'throughline'`,
  );
  expect(row).toEqual({ lower: 'äωж', provider: 'b', encoding: 'UTF8' });
});

test('nobody gets in without the password, and nobody from another machine', async () => {
  const cluster = await start();
  const url = new URL(cluster.url('postgres'));
  url.password = 'guessed';
  const sql = postgres(url.href, { max: 1 });
  await expect(sql`select 1`).rejects.toThrow('password authentication failed');
  await sql.end();
  expect(await ask(cluster, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
});
