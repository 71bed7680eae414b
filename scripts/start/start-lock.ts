import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeStateDir, PROJECT, STATE_DIR } from '../lib/paths';
import { PRIVATE_MODE } from '../lib/private-files';
import { processIdentity, sendSignal, waitForExit } from '../lib/processes';
import { warn } from '../lib/steps';

/** One `npm start` or `npm run dev` a checkout. The lock says who it is and where it answers. */

type Holder = { pid: number; identity: string };

type Lock = Holder & {
  project: string;
  /** Where it answers; null until it does. */
  url: string | null;
  /** The server it started. */
  app: Holder | null;
};

const LOCK_FILE = path.join(STATE_DIR, 'start.lock');
const GUARD_FILE = `${LOCK_FILE}.guard`;

/** The start that runs from this checkout now; null where none does. */
export function findRunningStart(): Lock | null {
  const lock = readLock();
  return lock && isLive(lock) && lock.project === PROJECT ? lock : null;
}

/**
 * Takes the lock. What a killed start left running (its server) is told to end and waited for.
 * @returns the start that has it, where one runs already; null where it is ours now
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
 * Tells others where we answer, and which server is ours. A full disk does not end what runs: a later
 * start then knows less of this one.
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
  if (!self) throw new Error('this process cannot be found among the running ones');
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

/** In one step, so that nobody reads half a lock. */
function writeLock(lock: Lock): void {
  const tempFile = `${LOCK_FILE}.${process.pid}`;
  writeFileSync(tempFile, JSON.stringify(lock), { mode: PRIVATE_MODE });
  renameSync(tempFile, LOCK_FILE);
}

/**
 * Looking at the lock and replacing it must be one act among starts: whoever made the guard file may
 * do it. It is held for milliseconds, so an old one belongs to a start that was killed just there.
 */
async function acquireGuard(): Promise<void> {
  for (;;) {
    try {
      writeFileSync(GUARD_FILE, '', { flag: 'wx', mode: PRIVATE_MODE });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const madeAt = statSync(GUARD_FILE, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - madeAt > 5_000) rmSync(GUARD_FILE, { force: true });
    await sleep(20);
  }
}
