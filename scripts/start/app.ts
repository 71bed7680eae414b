import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withTimeout } from '@/lib/shared/with-timeout';
import { UserError } from '../lib/steps';

const EXIT_WITH_PARENT_MODULE = fileURLToPath(new URL('exit-with-parent.cjs', import.meta.url));

export type AppProcess = {
  pid: number;
  /** Resolves with the reason when the process has ended: "exit code 1", "signal SIGKILL". */
  ended: Promise<string>;
  /** Sends SIGTERM, and SIGKILL after 30 s. Resolves when the process has ended. */
  stop(): Promise<void>;
  /** Sends SIGKILL. */
  kill(): void;
};

/**
 * Starts a server as a child in its own process group: it gets only the signals that this process
 * sends.
 */
export function spawnApp(options: {
  command: string[];
  cwd: string;
  env: Record<string, string>;
  /** Receives its output; default: the terminal. */
  onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
}): AppProcess {
  const pipe = options.onOutput ? 'pipe' : 'inherit';
  const child = spawn(
    process.execPath,
    ['--require', EXIT_WITH_PARENT_MODULE, ...options.command],
    {
      cwd: options.cwd,
      env: { ...process.env, ...options.env, THROUGHLINE_STARTER: String(process.pid) },
      stdio: ['ignore', pipe, pipe, 'ipc'],
      detached: true,
    },
  );
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text) => options.onOutput?.(stream, text));
  }
  const ended = waitForEnd(child);
  return {
    pid: child.pid ?? -1,
    ended,
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await withTimeout(ended, 30_000, () => {});
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Waits until `url` responds with success.
 * @throws UserError if the app ends first, or does not respond within two minutes
 */
export async function waitUntilReady(app: AppProcess, url: string): Promise<void> {
  let end: string | null = null;
  app.ended.then((reason) => {
    end = reason;
  });
  const deadline = Date.now() + 120_000;
  for (;;) {
    if (await respondsOk(url)) return;
    if (end) throw new UserError(`The server ended while it started (${end}).`);
    if (Date.now() > deadline) throw new UserError(`The server does not respond at ${url}.`);
    await sleep(50);
  }
}

function waitForEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal ? `signal ${signal}` : `exit code ${code}`),
    );
  });
}

/** Whether the URL responds with success within 2 s. */
function respondsOk(url: string): Promise<boolean> {
  const request = fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok, body }) => body?.cancel().then(() => ok) ?? ok,
  );
  // Node 20 can lose the abort signal of a request that nothing else references.
  return withTimeout(
    request.catch(() => false),
    2_500,
    () => false,
  );
}
