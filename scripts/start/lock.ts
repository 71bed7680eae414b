import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeStateDir, PROJECT, STATE_DIR } from '../lib/paths';
import { PRIVATE } from '../lib/private-files';
import { processIdentity, signal, waitForExit } from '../lib/processes';
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

const FILE = path.join(STATE_DIR, 'start.lock');
const GUARD = `${FILE}.guard`;

/** The start that runs from this checkout now; null where none does. */
export function liveStart(): Lock | null {
  const lock = read();
  return lock && isLive(lock) && lock.project === PROJECT ? lock : null;
}

/**
 * Takes the lock. What a killed start left running (its server) is told to end and waited for.
 * @returns the start that has it, where one runs already; null where it is ours now
 */
export async function takeLock(): Promise<Lock | null> {
  makeStateDir();
  await enterGuard();
  let left: Lock | null;
  try {
    const running = liveStart();
    if (running) return running;
    left = read();
    write(ours());
  } finally {
    rmSync(GUARD, { force: true });
  }
  if (left?.app && left.project === PROJECT && isLive(left.app)) {
    signal(left.app.pid, 'SIGTERM');
    if (!(await waitForExit(left.app.pid, 10_000))) signal(left.app.pid, 'SIGKILL');
  }
  return null;
}

/**
 * Tells others where we answer, and which server is ours. A full disk does not end what runs: a later
 * start then knows less of this one.
 */
export function updateLock(facts: { url?: string; appPid?: number }): void {
  const lock = read();
  if (lock?.pid !== process.pid) return;
  const app = facts.appPid ? holder(facts.appPid) : lock.app;
  try {
    write({ ...lock, url: facts.url ?? lock.url, app });
  } catch (error) {
    warn(`The lock of this start could not be updated (${(error as Error).message}).`);
  }
}

export function releaseLock(): void {
  if (read()?.pid === process.pid) rmSync(FILE, { force: true });
}

function ours(): Lock {
  const self = holder(process.pid);
  if (!self) throw new Error('this process cannot be found among the running ones');
  return { ...self, project: PROJECT, url: null, app: null };
}

function holder(pid: number): Holder | null {
  const identity = processIdentity(pid);
  return identity === null ? null : { pid, identity };
}

function isLive({ pid, identity }: Holder): boolean {
  return processIdentity(pid) === identity;
}

function read(): Lock | null {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return null;
  }
}

/** In one step, so that nobody reads half a lock. */
function write(lock: Lock): void {
  const draft = `${FILE}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(lock), { mode: PRIVATE });
  renameSync(draft, FILE);
}

/**
 * Looking at the lock and replacing it must be one act among starts: whoever made the guard file may
 * do it. It is held for milliseconds, so an old one belongs to a start that was killed just there.
 */
async function enterGuard(): Promise<void> {
  for (;;) {
    try {
      writeFileSync(GUARD, '', { flag: 'wx', mode: PRIVATE });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const madeAt = statSync(GUARD, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - madeAt > 5_000) rmSync(GUARD, { force: true });
    await sleep(20);
  }
}
