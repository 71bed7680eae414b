import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, processIdentity, sendSignal, waitForExit } from '../lib/processes';
import { UserError } from '../lib/steps';

/** What a postmaster writes into `postmaster.pid`, line by line. */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** In the data directory: which process started the server that runs there. */
const OWNER_FILE = 'throughline-owner';

const pidFilePath = (dataDir: string) => path.join(dataDir, 'postmaster.pid');

/** What the lock file in the data directory says; null without one. A pid of NaN: it is damaged. */
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
 * Makes the data directory free to start on. A server that still runs on it (whoever started it was
 * killed) is shut down in order; what else a kill leaves behind is made harmless. No process is
 * touched that is not proven to be the server of this very directory.
 * @throws where the process that started that server still lives
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

/** Writes down that the server of this directory is ours, for as long as we live. */
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

/** Fast shutdown, then an immediate one where that takes too long: the next start recovers. */
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
 * The pid in the lock file may now belong to somebody else, or to a dead process that nobody has
 * waited for, as happens in containers. PostgreSQL sees just that the pid is taken, and would refuse
 * to start. It always takes its own parent's pid for stale, so ours goes in; the rest of the file
 * stays, because it leads PostgreSQL to the shared memory that survivors might still use.
 */
function neutralizePidFile(dataDir: string): void {
  const file = pidFilePath(dataDir);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
}

/** A postmaster's working directory is its data directory. */
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
