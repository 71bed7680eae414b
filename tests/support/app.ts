import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTimeout } from '@/lib/shared/with-timeout';
import { freePort } from '@/scripts/lib/ports';
import { waitForExit } from '@/scripts/lib/processes';
import { SERVER_FLAGS } from '@/scripts/lib/server-flags';

export type TestApp = {
  baseUrl: string;
  port: number;
  pid(): number;
  /** Sends SIGTERM, and SIGKILL after 35 s. Returns the exit code, or null if a signal ended it. */
  stop(): Promise<number | null>;
  /** Sends SIGKILL: the app cannot shut down cleanly. Resolves when all its output has been read. */
  kill9(): Promise<void>;
  /** Restarts the app on the same port, after `stop` or `kill9`. */
  restart(): Promise<void>;
  /** Output on stdout and stderr, of all starts. */
  logs(): string;
};

export type AppOptions = {
  /** Must contain POSTGRES_URL. */
  env: Record<string, string>;
  port?: number;
  /** The app counts as started when this path returns 200. */
  readyPath?: string;
};

/**
 * Runs the built app (`npm run build`), as `npm start` and the image do.
 * @throws if it exits or does not respond within 120 s; the error contains its output
 */
export async function startApp({
  env,
  port,
  readyPath = '/api/health',
}: AppOptions): Promise<TestApp> {
  const resolvedPort = port ?? (await freePort());
  const baseUrl = `http://127.0.0.1:${resolvedPort}`;
  let logs = '';
  let outputEnd: Promise<unknown>;
  const launch = async () => {
    const app = spawnServer(env, resolvedPort);
    outputEnd = once(app, 'close');
    app.stdout?.on('data', (chunk) => (logs += chunk));
    app.stderr?.on('data', (chunk) => (logs += chunk));
    const deadline = Date.now() + 120_000;
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
      // The process can disappear shortly before its exit code is reported.
      if (app.exitCode === null && app.signalCode === null) await once(app, 'exit');
      return app.exitCode;
    },
    kill9: async () => {
      app.kill('SIGKILL');
      await outputEnd;
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
    // The developer's own configuration must not reach a test.
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_MANUAL_SIG_HANDLE: '1',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      // Every test is another user on the same address.
      MAX_GUESTS_PER_ADDRESS: '1000000',
      MAX_RUNS_PER_ADDRESS: '100000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Whether the URL responds with success within 2 s. A request that never settles is abandoned. */
function isOk(url: string): Promise<boolean> {
  const request = fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok, body }) => body?.cancel().then(() => ok) ?? ok,
    () => false,
  );
  // Node 20 can garbage-collect the signal of a request that nothing else references.
  return withTimeout(request, 2_500, () => false);
}
