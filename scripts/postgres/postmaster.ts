import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, processIdentity, sendSignal, waitForExit } from '../lib/processes';
import { UserError } from '../lib/steps';

/** The fields of `postmaster.pid`, which the server writes line by line. */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** File in the data directory with the process that started its server. */
const OWNER_FILE = 'throughline-owner';

const pidFilePath = (dataDir: string) => path.join(dataDir, 'postmaster.pid');

/**
 * Reads the lock file of the data directory; null without one. A damaged file yields a pid of NaN.
 */
export function readPostmaster(dataDir: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(pidFilePath(dataDir), 'utf8').split('\n');
  } catch {
    return null;
  }
  return {
    pid: Number.parseInt(lines[0] ?? '', 10),
    port: Number.parseInt(lines[3] ?? '', 10),
    ready: lines[7]?.trim() === 'ready',
  };
}

/**
 * Prepares the data directory for a start. A server that still runs on it, because its starter was
 * killed, is shut down gracefully; other leftovers of a kill are neutralized. Only a process that
 * is proven to be the server of this directory is touched.
 * @throws UserError if the process that started that server is still running
 */
export async function clearDataDirectory(dataDir: string): Promise<void> {
  const stale = readPostmaster(dataDir);
  if (!stale) return;
  if (Number.isNaN(stale.pid)) return rmSync(pidFilePath(dataDir), { force: true });
  if (!isAlive(stale.pid) || !servesDirectory(stale.pid, dataDir))
    return neutralizePidFile(dataDir);
  const owner = liveOwner(dataDir);
  if (owner) throw new UserError(`The database in ${dataDir} is in use by process ${owner}.`);
  await shutDown(stale.pid);
}

/** Records that this process owns the server of the directory, until this process ends. */
export function recordOwner(dataDir: string): void {
  const content = `${process.pid} ${processIdentity(process.pid)}`;
  writeFileSync(path.join(dataDir, OWNER_FILE), content);
}

function liveOwner(dataDir: string): number | null {
  try {
    const [pid, ...identity] = readFileSync(path.join(dataDir, OWNER_FILE), 'utf8').split(' ');
    const owner = Number(pid);
    const isLive = owner !== process.pid && processIdentity(owner) === identity.join(' ');
    return isLive ? owner : null;
  } catch {
    return null;
  }
}

/**
 * Fast shutdown, then an immediate one after 20 s, from which the next start recovers, then
 * SIGKILL.
 */
export async function shutDown(pid: number): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  for (const [name, timeoutMs] of steps) {
    sendSignal(pid, name);
    if (await waitForExit(pid, timeoutMs)) return;
  }
}

/**
 * Makes a stale lock file harmless. Its pid may now belong to another process, or to a zombie, as
 * happens in containers. PostgreSQL only checks that the pid exists, and would refuse to start. It
 * always treats its own parent's pid as stale, so that one is written; the rest of the file stays,
 * because it leads PostgreSQL to shared memory that surviving backends may still use.
 */
function neutralizePidFile(dataDir: string): void {
  const file = pidFilePath(dataDir);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
}

/**
 * Whether the process serves the directory: a postmaster's working directory is its data directory.
 */
function servesDirectory(pid: number, dataDir: string): boolean {
  try {
    if (process.platform === 'linux') {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
    }
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(realpathSync(dataDir));
  } catch {
    return false;
  }
}
