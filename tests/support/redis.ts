import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@/scripts/lib/ports';
import { findRedis, type RedisSource } from '@/scripts/test/find-redis';

export type TestRedis = {
  url: string;
  port: number;
  /** Kills the server. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Stops it with SIGSTOP: connections stay open without responses until `thaw`. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
};

/** Nothing is stored on disk. */
const SETTINGS = ['--save', '', '--appendonly', 'no'];

/**
 * Starts a Redis server: the machine's redis-server, or a container if only an engine is installed.
 * @param port to listen on; any free port by default
 * @throws if neither is available; `npm test` installs one or explains how
 */
export async function startRedis({ port }: { port?: number } = {}): Promise<TestRedis> {
  const source = findRedis();
  if (!source) throw new Error('redis-server is missing: "npm test" installs it or says how.');
  const resolvedPort = port ?? (await freePort());
  let server = await launch(source, resolvedPort);
  const terminate = async () => {
    const ended = new Promise((resolve) => server.process.once('exit', resolve));
    server.signal('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${resolvedPort}`,
    port: resolvedPort,
    kill: terminate,
    restart: async () => {
      server = await launch(source, resolvedPort);
    },
    freeze: () => server.signal('SIGSTOP'),
    thaw: () => server.signal('SIGCONT'),
    stop: terminate,
  };
}

type Server = {
  process: ChildProcess;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
};

async function launch(source: RedisSource, port: number): Promise<Server> {
  const server =
    source.kind === 'program' ? spawnProgram(source.path, port) : spawnContainer(source.path, port);
  const deadline = Date.now() + (source.kind === 'program' ? 10_000 : 120_000);
  while (!(await respondsToPing(port))) {
    if (server.process.exitCode !== null || Date.now() > deadline) {
      throw new Error(`Redis did not start on port ${port}`);
    }
    await sleep(20);
  }
  return server;
}

function spawnProgram(program: string, port: number): Server {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', tmpdir(), ...SETTINGS];
  const child = spawn(program, args, { stdio: 'ignore' });
  return { process: child, signal: (name) => child.kill(name) };
}

function spawnContainer(engine: string, port: number): Server {
  const name = `throughline-test-${randomUUID()}`;
  const image = ['docker.io/library/redis:8', 'redis-server', ...SETTINGS];
  const child = spawn(
    engine,
    ['run', '--rm', '--name', name, '-p', `127.0.0.1:${port}:6379`, ...image],
    { stdio: 'ignore' },
  );
  const verbs = { SIGKILL: 'kill', SIGSTOP: 'pause', SIGCONT: 'unpause' } as const;
  return { process: child, signal: (signal) => execFileSync(engine, [verbs[signal], name]) };
}

function respondsToPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const settle = (isRunning: boolean) => {
      socket.destroy();
      resolve(isRunning);
    };
    socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
    socket.once('error', () => settle(false));
    socket.setTimeout(1_000, () => settle(false));
  });
}
