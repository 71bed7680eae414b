import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeStateDir, PROJECT, STATE_DIR } from '../lib/paths';
import { PRIVATE_MODE } from '../lib/private-files';
import { processIdentity, sendSignal, waitForExit } from '../lib/processes';
import { warn } from '../lib/steps';

/**
 * Allows one `npm start` or `npm run dev` per checkout. The lock file records the holder and its
 * URL.
 */

type Holder = { pid: number; identity: string };

type Lock = Holder & {
  project: string;
  /** URL of the app; null until it is ready. */
  url: string | null;
  /** The server process that it started. */
  app: Holder | null;
};

const LOCK_FILE = path.join(STATE_DIR, 'start.lock');
const GUARD_FILE = `${LOCK_FILE}.guard`;

/** Returns the start that runs from this checkout; null without one. */
export function findRunningStart(): Lock | null {
  const lock = readLock();
  return lock && isLive(lock) && lock.project === PROJECT ? lock : null;
}

/**
 * Acquires the lock. Before it resolves, a server left running by a killed start is terminated.
 * @returns the current holder if there is one; null if the lock was acquired
 */
export async function acquireLock(): Promise<Lock | null> {
  makeStateDir();
  await acquireGuard();
  let stale: Lock | null;
  try {
    const running = findRunningStart();
    if (running) return running;
    stale = readLock();
    writeLock(createLock());
  } finally {
    rmSync(GUARD_FILE, { force: true });
  }
  if (stale?.app && stale.project === PROJECT && isLive(stale.app)) {
    sendSignal(stale.app.pid, 'SIGTERM');
    if (!(await waitForExit(stale.app.pid, 10_000))) sendSignal(stale.app.pid, 'SIGKILL');
  }
  return null;
}

/**
 * Records the URL and the server's pid in the lock. A write error, such as a full disk, is only a
 * warning: a later start then knows less about this one.
 */
export function updateLock(changes: { url?: string; appPid?: number }): void {
  const lock = readLock();
  if (lock?.pid !== process.pid) return;
  const app = changes.appPid ? toHolder(changes.appPid) : lock.app;
  try {
    writeLock({ ...lock, url: changes.url ?? lock.url, app });
  } catch (error) {
    warn(`The lock of this start could not be updated (${(error as Error).message}).`);
  }
}

export function releaseLock(): void {
  if (readLock()?.pid === process.pid) rmSync(LOCK_FILE, { force: true });
}

function createLock(): Lock {
  const self = toHolder(process.pid);
  if (!self) throw new Error('cannot find this process in the process table');
  return { ...self, project: PROJECT, url: null, app: null };
}

function toHolder(pid: number): Holder | null {
  const identity = processIdentity(pid);
  return identity === null ? null : { pid, identity };
}

function isLive({ pid, identity }: Holder): boolean {
  return processIdentity(pid) === identity;
}

function readLock(): Lock | null {
  try {
    return JSON.parse(readFileSync(LOCK_FILE, 'utf8'));
  } catch {
    return null;
  }
}

/** Replaces the file atomically, so that readers never see a partial lock. */
function writeLock(lock: Lock): void {
  const tempFile = `${LOCK_FILE}.${process.pid}`;
  writeFileSync(tempFile, JSON.stringify(lock), { mode: PRIVATE_MODE });
  renameSync(tempFile, LOCK_FILE);
}

/**
 * Makes the check and the replacement of the lock atomic: the start that creates the guard file may
 * do both. The guard is held for milliseconds, so one older than 5 s was left by a killed start.
 */
async function acquireGuard(): Promise<void> {
  for (;;) {
    try {
      writeFileSync(GUARD_FILE, '', { flag: 'wx', mode: PRIVATE_MODE });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const createdAt = statSync(GUARD_FILE, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - createdAt > 5_000) rmSync(GUARD_FILE, { force: true });
    await sleep(20);
  }
}
