import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { UserError } from '../lib/steps';

const END_WITH_PARENT = fileURLToPath(new URL('end-with-parent.cjs', import.meta.url));

export type AppProcess = {
  pid: number;
  /** Settles when it has ended, in words: "exit code 1", "signal SIGKILL". */
  ended: Promise<string>;
  /** Asks it to end in order; after 30 s it is ended. */
  stop(): Promise<void>;
  /** Ends it now. */
  kill(): void;
};

/** Starts a server of ours as a child that gets no signals of the terminal but those we pass on. */
export function spawnApp(options: {
  command: string[];
  cwd: string;
  env: Record<string, string>;
  /** Gets what it writes; without it the terminal does. */
  onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
}): AppProcess {
  const pipe = options.onOutput ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, ['--require', END_WITH_PARENT, ...options.command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env, THROUGHLINE_STARTER: String(process.pid) },
    stdio: ['ignore', pipe, pipe, 'ipc'],
    detached: true,
  });
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
      const timeout = new AbortController();
      await Promise.race([ended, sleep(30_000, undefined, { signal: timeout.signal })]);
      timeout.abort();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * Waits until `url` answers with 200.
 * @throws Problem where the app ends first, or nothing has come after two minutes
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
    if (Date.now() > deadline) throw new UserError(`The server does not answer at ${url}.`);
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

/** Whether it answers with success within 2 s. */
function respondsOk(url: string): Promise<boolean> {
  const request = fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok, body }) => body?.cancel().then(() => ok) ?? ok,
  );
  // Node 20 can forget the signal of a request that nothing else refers to.
  return Promise.race([request.catch(() => false), sleep(2_500, false)]);
}
