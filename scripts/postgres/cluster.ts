import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { explainOutput } from '../lib/file-errors';
import { freePort } from '../lib/ports';
import { openPrivate } from '../lib/private-files';
import { UserError } from '../lib/steps';
import { type Binaries, programPath } from './binaries';
import { clearDataDirectory, readPostmaster, recordOwner, shutDown } from './postmaster';
import type { SystemUser } from './system-user';

/** Where a PostgreSQL stores its data and which user runs it. */
export type ClusterConfig = {
  /** Created if missing; its parent folder must exist. */
  dataDir: string;
  logFile: string;
  binaries: Binaries;
  /** Null: the user of this process. */
  systemUser: SystemUser | null;
  /** Additional server settings. */
  settings?: Record<string, string>;
};

export type Cluster = {
  readonly pid: number;
  readonly port: number;
  /** URL of one of its databases, for its superuser. */
  url(database: string): string;
  /** Resolves when the server process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Shuts the server down gracefully. */
  stop(): Promise<void>;
};

const USER = 'throughline';
const PASSWORD_FILE = 'throughline-password';

/** Locales that classify the letters of every script, best first; C always exists. */
const CTYPES = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/**
 * Starts PostgreSQL on the data directory, on 127.0.0.1 only, with its own password. Leftovers of a
 * killed server are cleared or recovered first.
 * @param port port to listen on; default: any free port
 * @throws UserError with the end of the server's log if it does not start
 */
export async function startCluster(config: ClusterConfig, port?: number): Promise<Cluster> {
  if (!(await stat(path.join(config.dataDir, 'PG_VERSION')).catch(() => null)))
    await createDataDirectory(config);
  await clearDataDirectory(config.dataDir);
  const password = (await readFile(path.join(config.dataDir, PASSWORD_FILE), 'utf8')).trim();
  const listenPort = port ?? (await freePort());
  const server = await launchPostgres(config, listenPort);
  recordOwner(config.dataDir);
  const pid = server.pid as number;
  return {
    pid,
    port: listenPort,
    url: (database) => `postgres://${USER}:${password}@127.0.0.1:${listenPort}/${database}`,
    exited: processExited(server),
    stop: () => shutDown(pid),
  };
}

/** Creates the database if it is missing. */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<void> {
  const sql = postgres(cluster.url('postgres'), { max: 1, onnotice: () => {} });
  try {
    const rows = await sql`select 1 from pg_database where datname = ${name}`;
    if (rows.length === 0) await sql`create database ${sql(name)}`;
  } finally {
    await sql.end();
  }
}

/**
 * Creates the data directory under another name and renames it when complete, so that a kill leaves
 * no partial one.
 */
async function createDataDirectory(config: ClusterConfig): Promise<void> {
  const tempDir = `${config.dataDir}.new`;
  await rm(tempDir, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${tempDir}-password`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await chownToUser(config, passwordFile);
  try {
    await runInitdb(config, tempDir, passwordFile);
    await rename(passwordFile, path.join(tempDir, PASSWORD_FILE));
    await rename(tempDir, config.dataDir);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(config: ClusterConfig, dir: string, passwordFile: string): Promise<void> {
  let output = '';
  for (const ctype of CTYPES) {
    await mkdir(dir);
    await chmod(dir, 0o700);
    await chownToUser(config, dir);
    // Sorting uses PostgreSQL's own Unicode tables, which are the same on every machine.
    const child = spawn(
      programPath(config.binaries, 'initdb'),
      [
        `--pgdata=${dir}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        `--lc-ctype=${ctype}`,
        ...(config.settings?.fsync === 'off' ? ['--no-sync'] : []),
      ],
      {
        ...config.systemUser,
        cwd: dir,
        env: minimalEnvironment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const code = await new Promise((resolve) =>
      child.once('error', resolve).once('close', resolve),
    );
    if (code === 0) return;
    if (code instanceof Error) output += code.message;
    await rm(dir, { recursive: true, force: true });
    if (!output.includes('locale')) break;
  }
  throw new UserError(
    `PostgreSQL could not be set up. ${explainOutput(output, dir) ?? ''}\n${output.trim()}`,
  );
}

async function launchPostgres(config: ClusterConfig, port: number): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Error details contain row values; a line per checkpoint only makes the log grow.
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...config.settings,
  };
  const log = openPrivate(config.logFile, (await isLarge(config.logFile)) ? 'w' : 'a');
  const server = spawn(
    programPath(config.binaries, 'postgres'),
    [
      ...['-D', config.dataDir, '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...config.systemUser,
      cwd: config.dataDir,
      env: minimalEnvironment(),
      stdio: ['ignore', log, log],
      // A separate process group: ctrl-C in the terminal must reach the app first.
      detached: true,
    },
  );
  closeSync(log);
  let failure: Error | null = null;
  server.once('error', (error) => (failure = error));
  const deadline = Date.now() + 120_000;
  for (;;) {
    const state = readPostmaster(config.dataDir);
    if (state?.ready && state.pid === server.pid) return server;
    if (failure || server.exitCode !== null || server.signalCode !== null) break;
    if (Date.now() > deadline) {
      if (server.pid) await shutDown(server.pid);
      break;
    }
    await sleep(15);
  }
  const output = failure ? String(failure) : await readTail(config.logFile);
  throw new UserError(
    `PostgreSQL did not start. ${explainOutput(output, config.dataDir) ?? ''}\nThe end of ${config.logFile}:\n${output}`,
  );
}

/**
 * Passes on nothing of the caller's environment: PGPORT, LC_ALL and others change PostgreSQL's
 * behavior.
 */
function minimalEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: 'C' };
}

async function chownToUser(config: ClusterConfig, file: string): Promise<void> {
  if (config.systemUser) await chown(file, config.systemUser.uid, config.systemUser.gid);
}

function processExited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

async function isLarge(file: string): Promise<boolean> {
  return ((await stat(file).catch(() => null))?.size ?? 0) > 5_000_000;
}

async function readTail(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.slice(-8).join('\n');
}
