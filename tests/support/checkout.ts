import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@/scripts/lib/ports';
import { isAlive } from '@/scripts/lib/processes';
import { readPostmaster } from '@/scripts/postgres/postmaster';

/** Everything `npm start` reads, except node_modules. */
const FILES = [
  ...[
    'app',
    'artifacts',
    'components',
    'drizzle',
    'lib',
    'public',
    'scripts',
    'tools',
    '.next/standalone',
  ],
  ...['instrumentation.ts', 'next.config.ts', 'package-lock.json', 'package.json'],
  ...['postcss.config.mjs', 'proxy.ts', 'tsconfig.json'],
];

/** A start takes seconds; on a busy machine it takes most of a minute. */
const WAIT_MS = 150_000;

export type StartedProcess = {
  pid: number;
  port: number;
  /** Output on stdout and stderr so far. */
  output(): string;
  /**
   * Resolves with the output once it contains `text` at least `times` times (default 1).
   * @throws if the process ends before that, or after WAIT_MS
   */
  waitForOutput(text: string, times?: number): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process has ended and its output is closed; null if a signal ended it. */
  exitCode: Promise<number | null>;
};

export type Checkout = {
  dir: string;
  start(env?: Record<string, string>): Promise<StartedProcess>;
  /** Process ids of what a start runs: PostgreSQL and the server. */
  postgresPid(): number;
  appPid(): number;
  /** Kills running processes and removes all state, as if nothing had ever been started. */
  reset(): void;
  remove(): void;
};

/** Creates a built copy of the project without state, for tests that start and kill it. */
export function makeCheckout(): Checkout {
  if (!existsSync('.next/standalone/server.js')) {
    throw new Error('The app is not built: run "npm run build" first.');
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'throughline-checkout-'));
  chmodSync(dir, 0o755);
  for (const file of FILES) {
    if (existsSync(file)) cpSync(file, path.join(dir, file), { recursive: true });
  }
  symlinkSync(path.resolve('node_modules'), path.join(dir, 'node_modules'));
  const state = path.join(dir, '.throughline');
  const dataDir = path.join(state, 'postgres');
  const started: StartedProcess[] = [];
  const postgresPid = () => readPostmaster(dataDir)?.pid ?? Number.NaN;
  const reset = () => {
    for (const pid of [...started.splice(0).map((start) => start.pid), postgresPid()]) {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    const linkedDataDir = linkTarget(dataDir);
    if (linkedDataDir) rmSync(path.dirname(linkedDataDir), { recursive: true, force: true });
    // A server that was just killed may still write.
    rmSync(state, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    chmodSync(dir, 0o755);
  };
  return {
    dir,
    start: async (env) => {
      const start = await spawnStart(dir, env);
      started.push(start);
      return start;
    },
    postgresPid,
    appPid: () => JSON.parse(readFileSync(path.join(state, 'start.lock'), 'utf8')).app.pid,
    reset,
    remove: () => {
      reset();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function spawnStart(dir: string, env: Record<string, string> = {}): Promise<StartedProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['scripts/run.mjs', 'start'], {
    cwd: dir,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'test',
      PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? Number.NaN,
    port,
    output: () => output,
    waitForOutput: (text, times = 1) =>
      pollForText(child, () => output, text, times).catch((error) => {
        // The server's log explains more than the output of the start.
        const log = path.join(dir, '.throughline', 'app.log');
        const wrote = existsSync(log) ? readFileSync(log, 'utf8') : 'nothing';
        throw new Error(`${error.message}\nThe server wrote:\n${wrote}`);
      }),
    signal: (name) => child.kill(name),
    exitCode,
  };
}

async function pollForText(
  child: ChildProcess,
  output: () => string,
  text: string,
  times: number,
): Promise<string> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    if (output().split(text).length > times) return output();
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) throw new Error(`It never said "${text}":\n${output()}`);
    await sleep(20);
  }
}

function linkTarget(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
