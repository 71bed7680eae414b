import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@/scripts/lib/ports';
import { waitForExit } from '@/scripts/lib/processes';
import { SERVER_FLAGS } from '@/scripts/lib/server-flags';

export type TestApp = {
  baseUrl: string;
  port: number;
  pid(): number;
  /** SIGTERM, and SIGKILL after 35 s. Gives the exit code; null where a signal ended it. */
  stop(): Promise<number | null>;
  /** Ends it with nothing put in order. */
  kill9(): Promise<void>;
  /** Starts it again on the same port, after `stop` or `kill9`. */
  restart(): Promise<void>;
  /** What it has written to stdout and stderr, over all its starts. */
  logs(): string;
};

export type AppOptions = {
  /** Needs POSTGRES_URL, at least. */
  env: Record<string, string>;
  port?: number;
  /** The path whose 200 counts as started. */
  readyPath?: string;
};

/** Runs the built app (`npm run build`), as `npm start` and the image do. */
export async function startApp({
  env,
  port,
  readyPath = '/api/health',
}: AppOptions): Promise<TestApp> {
  const resolvedPort = port ?? (await freePort());
  const baseUrl = `http://127.0.0.1:${resolvedPort}`;
  let logs = '';
  const launch = async () => {
    const app = spawnServer(env, resolvedPort);
    app.stdout?.on('data', (chunk) => (logs += chunk));
    app.stderr?.on('data', (chunk) => (logs += chunk));
    const deadline = Date.now() + 60_000;
    while (!(await isOk(`${baseUrl}${readyPath}`))) {
      if (app.exitCode !== null || app.signalCode !== null || Date.now() > deadline) {
        app.kill('SIGKILL');
        throw new Error(`The app did not start:\n${logs}`);
      }
      await sleep(50);
    }
    return app;
  };
  let app = await launch();
  const pid = () => app.pid as number;
  return {
    baseUrl,
    port: resolvedPort,
    pid,
    stop: async () => {
      app.kill('SIGTERM');
      if (!(await waitForExit(pid(), 35_000))) app.kill('SIGKILL');
      // The process can be gone a moment before its code is here.
      if (app.exitCode === null && app.signalCode === null) await once(app, 'exit');
      return app.exitCode;
    },
    kill9: async () => {
      app.kill('SIGKILL');
      await waitForExit(pid(), 5_000);
    },
    restart: async () => {
      app = await launch();
    },
    logs: () => logs,
  };
}

function spawnServer(env: Record<string, string>, port: number): ChildProcess {
  const folder = path.resolve('.next/standalone');
  if (!existsSync(path.join(folder, 'server.js'))) {
    throw new Error('The app is not built: run "npm run build" first.');
  }
  return spawn(process.execPath, [...SERVER_FLAGS, 'server.js'], {
    cwd: folder,
    // Nothing of the person's own configuration gets into a test.
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_MANUAL_SIG_HANDLE: '1',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      // Every test is another user at one address.
      MAX_GUESTS_PER_ADDRESS: '1000000',
      MAX_RUNS_PER_ADDRESS: '100000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Whether it answers with success within 2 s; a request that hangs for good is left behind. */
function isOk(url: string): Promise<boolean> {
  const request = fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok, body }) => body?.cancel().then(() => ok) ?? ok,
    () => false,
  );
  // Node 20 can forget the signal of a request that nothing else refers to.
  return Promise.race([request, sleep(2_500, false)]);
}
