import { chmodSync, existsSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, waitForExit } from '@/scripts/lib/processes';
import { type Checkout, makeCheckout, type StartedProcess } from '@/tests/support/checkout';
import { listen } from '@/tests/support/listen';
import { waitUntil } from '@/tests/support/wait-until';

const READY = 'Throughline is ready';

let checkout: Checkout;
beforeAll(() => {
  checkout = makeCheckout();
});
afterEach(() => checkout.reset());
afterAll(() => checkout.remove());

const health = async ({ port }: StartedProcess) =>
  (await fetch(`http://127.0.0.1:${port}/api/health`)).status;

test('the app starts without configuration, prints its steps, and stops in order', async () => {
  const start = await checkout.start();
  const output = await start.waitForOutput(READY);
  for (const name of ['Configuration', 'Database', 'Migrations', 'Build', 'Models', 'Server']) {
    expect(output).toContain(`✓ ${name}`);
  }
  expect(output).toContain('nothing has changed');
  expect(output).toContain('built-in demo model');
  expect(output).toContain(`http://localhost:${start.port}`);
  expect(await health(start)).toBe(200);

  const state = path.join(checkout.dir, '.throughline');
  const readableByOthers = readdirSync(state).filter((name) => {
    const stats = statSync(path.join(state, name));
    return stats.isFile() && (stats.mode & 0o077) !== 0;
  });
  expect(readdirSync(state)).toContain('start.lock');
  expect(readableByOthers).toEqual([]);

  const pids = [checkout.postgresPid(), checkout.appPid()];
  expect(pids.map(isAlive)).toEqual([true, true]);
  start.signal('SIGTERM');
  expect(await start.exitCode).toBe(0);
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('Ctrl-C during startup leaves no process running', async () => {
  const start = await checkout.start();
  await start.waitForOutput('✓ Migrations');
  const postgres = checkout.postgresPid();
  start.signal('SIGINT');
  expect(await start.exitCode).toBe(0);
  expect(isAlive(postgres)).toBe(false);
});

test('a second start reports the running one and does not affect it', async () => {
  const first = await checkout.start();
  await first.waitForOutput(READY);
  const second = await checkout.start();
  expect(await second.exitCode).toBe(1);
  expect(second.output()).toContain(`at http://localhost:${first.port} (process ${first.pid})`);
  expect(await health(first)).toBe(200);
});

test('of two simultaneous starts one runs, and the other reports it and exits', async () => {
  const starts = await Promise.all([checkout.start(), checkout.start()]);
  const winner = await Promise.any(
    starts.map((start) => start.waitForOutput(READY).then(() => start)),
  );
  const loser = starts.find((start) => start !== winner);
  expect(await loser?.exitCode).toBe(1);
  expect(loser?.output()).toContain(`process ${winner.pid}`);
  expect(await health(winner)).toBe(200);
});

describe('after a kill -9', () => {
  test('of everything, the next start succeeds', async () => {
    const start = await checkout.start();
    await start.waitForOutput(READY);
    for (const pid of [start.pid, checkout.appPid(), checkout.postgresPid()]) {
      process.kill(pid, 'SIGKILL');
      await waitForExit(pid, 60_000);
    }
    const next = await checkout.start();
    await next.waitForOutput(READY);
    expect(await health(next)).toBe(200);
  });

  test('of the start script alone, the server exits, and the next start takes over', async () => {
    const start = await checkout.start();
    await start.waitForOutput(READY);
    const [app, postgres] = [checkout.appPid(), checkout.postgresPid()];
    start.signal('SIGKILL');
    const next = await checkout.start();
    await next.waitForOutput(READY);
    expect([app, postgres].map(isAlive)).toEqual([false, false]);
    expect(await health(next)).toBe(200);
  });

  test('of the server, it restarts at the same address, and five crashes within a minute end the start script', async () => {
    const start = await checkout.start();
    await start.waitForOutput(READY);
    const postgres = checkout.postgresPid();
    let pid = checkout.appPid();
    for (let crash = 1; crash <= 4; crash++) {
      process.kill(pid, 'SIGKILL');
      await start.waitForOutput(`(signal SIGKILL); restarting it.`, crash);
      pid = await waitUntil(() => {
        const newPid = checkout.appPid();
        expect(newPid).not.toBe(pid);
        return newPid;
      });
      // Later ones crash before they are ready: five starts of a slow machine take over a minute.
      if (crash > 1) continue;
      await start.waitForOutput('The server is ready again');
      expect(await health(start)).toBe(200);
    }
    process.kill(pid, 'SIGKILL');
    expect(await start.exitCode).toBe(1);
    expect(start.output()).toContain('The server crashed 5 times within a minute');
    expect(isAlive(postgres)).toBe(false);
  });

  test('of the server, Ctrl-C before the restart exits immediately and in order', async () => {
    const start = await checkout.start();
    await start.waitForOutput(READY);
    const postgres = checkout.postgresPid();
    process.kill(checkout.appPid(), 'SIGKILL');
    await start.waitForOutput('restarting it');
    start.signal('SIGINT');
    expect(await start.exitCode).toBe(0);
    expect(isAlive(postgres)).toBe(false);
  });
});

test('a folder that only its owner may enter is accepted', async () => {
  chmodSync(checkout.dir, 0o700);
  const start = await checkout.start();
  await start.waitForOutput(READY);
  expect(await health(start)).toBe(200);
  start.signal('SIGINT');
  expect(await start.exitCode).toBe(0);
});

describe('a startup error', () => {
  test('for an invalid value names its variable, the problem and an example, without a stack', async () => {
    const start = await checkout.start({ PORT: 'lots', AUTH_SECRET: 'short' });
    expect(await start.exitCode).toBe(1);
    expect(start.output()).toContain('PORT must be a whole number from 1 to 65535');
    expect(start.output()).toContain('For example: PORT=3000');
    expect(start.output()).toContain('AUTH_SECRET is too short');
    expect(start.output()).not.toMatch(/^\s+at /m);
  });

  test('for a folder that is not writable names it and the solution, without a stack', async () => {
    // Even root cannot write to this folder.
    const readOnlyFolder = existsSync('/proc/self') ? '/proc/self' : '/dev';
    symlinkSync(readOnlyFolder, path.join(checkout.dir, '.throughline'));
    const start = await checkout.start();
    expect(await start.exitCode).toBe(1);
    expect(start.output()).toMatch(/Stopped\. \S+\.throughline .*may not (use it|be used)/);
    expect(start.output()).toContain('Start Throughline as the user that owns its folder');
    expect(start.output()).not.toMatch(/^\s+at /m);
  });

  test('for an unencoded password names the codes to write, and nothing of the password', async () => {
    const start = await checkout.start({
      POSTGRES_URL: 'postgres://u:p@ss/hidden#2@127.0.0.1/chat',
    });
    expect(await start.exitCode).toBe(1);
    expect(start.output()).toContain(
      'POSTGRES_URL contains a character that must be percent-encoded',
    );
    expect(start.output()).not.toMatch(/hidden|^\s+at /m);
  });

  test('for a port in use explains how to choose another', async () => {
    const other = createServer();
    const port = await listen(other);
    const start = await checkout.start({ PORT: String(port) });
    expect(await start.exitCode).toBe(1);
    expect(start.output()).toContain(`PORT=${port + 1} npm start`);
    other.close();
  });

  test('for an unreachable database names it and what to check', async () => {
    const start = await checkout.start({ POSTGRES_URL: 'postgres://u:hidden@127.0.0.1:1/chat' });
    expect(await start.exitCode).toBe(1);
    expect(start.output()).toContain('The database "chat" at 127.0.0.1:1 cannot be used');
    expect(start.output()).not.toContain('hidden');
  });
});
