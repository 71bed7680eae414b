import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@/scripts/lib/ports';
import { waitForExit } from '@/scripts/lib/processes';
import { findRedis } from '@/scripts/test/find-redis';

export type TestRedis = {
  url: string;
  port: number;
  /** The server's process now: SIGSTOP to it is a Redis that hangs. */
  pid(): number;
  /** Ends it at once, keeps the port, and starts it again, empty, with `resume`. */
  kill(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A redis-server of its own that keeps nothing on disk.
 * @param port to listen on; without one, any free port
 * @throws where the machine has none; `npm test` brings one or says how
 */
export async function startRedis({ port }: { port?: number } = {}): Promise<TestRedis> {
  const program = findRedis();
  if (!program) throw new Error('redis-server is missing: "npm test" installs it or says how.');
  const home = await mkdtemp(path.join(tmpdir(), 'throughline-redis-'));
  const chosen = port ?? (await freePort());
  let server = await launch(program, home, chosen);
  const pid = () => server.pid as number;
  const end = async (name: NodeJS.Signals) => {
    server.kill('SIGCONT');
    server.kill(name);
    await waitForExit(pid(), 10_000);
  };
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    pid,
    kill: () => end('SIGKILL'),
    resume: async () => {
      server = await launch(program, home, chosen);
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function launch(program: string, home: string, port: number): Promise<ChildProcess> {
  const options = { bind: '127.0.0.1', save: '', appendonly: 'no', dir: home };
  const server = spawn(
    program,
    ['--port', String(port), ...Object.entries(options).flatMap(([k, v]) => [`--${k}`, v])],
    { stdio: 'ignore' },
  );
  const deadline = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`redis-server did not start on port ${port}`);
    }
    await sleep(20);
  }
  return server;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const settle = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    socket.once('error', () => settle(false));
    socket.setTimeout(1_000, () => settle(false));
  });
}
