import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '@/lib/db/client';
import { followRun } from '@/lib/runs/follow';
import type { LiveRun } from '@/lib/runs/live-run';
import { readRemote } from '@/lib/runs/read-remote';
import { runRelay } from '@/lib/runs/relay';
import { freshDatabase, startRedis, type TestRedis } from '@/tests/support/services';
import { openRun, readAll } from './fixtures';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let redis: TestRedis;

beforeAll(async () => {
  database = await freshDatabase();
  redis = await startRedis();
  process.env.REDIS_URL = redis.url;
  await reachable();
});

afterAll(async () => {
  await runRelay()?.close();
  await sql().end();
  await redis.stop();
  await database.drop();
});

/** Waits until the relay has its connections, which it makes by itself. */
async function reachable(): Promise<void> {
  const probe = await openRun();
  for (let i = 0; i < 100; i++) {
    runRelay()?.offer(probe);
    await sleep(50);
    const stream = await runRelay()?.follow(probe.row.id);
    if (stream) {
      await stream.cancel();
      await probe.finish({ status: 'complete' });
      return;
    }
  }
  throw new Error('The relay never reached Redis');
}

async function say(run: LiveRun, words: number): Promise<void> {
  for (let i = 0; i < words; i++) {
    run.append(`0:"${i} 👩‍🚀 "\n`);
    await sleep(10);
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an answer read from another process through Redis', () => {
  it('is whole from any line, live until its end', async () => {
    const run = await openRun();
    runRelay()?.offer(run);
    await say(run, 10);
    const whole = readAll(readRemote(run.row.id, 0));
    const rest = readAll(readRemote(run.row.id, 5));
    await say(run, 20);
    await run.finish({ status: 'complete' });
    const shown = await readAll(followRun(run.row.id));
    expect(await whole).toBe(shown);
    expect(await rest).toBe(shown.split('\n').slice(5).join('\n'));
  });

  it('goes on from Postgres, at the right line, when Redis dies', async () => {
    const run = await openRun();
    runRelay()?.offer(run);
    await say(run, 10);
    const whole = readAll(readRemote(run.row.id, 0));
    await say(run, 10);
    await redis.kill();
    await say(run, 20);
    await run.finish({ status: 'complete' });
    expect(await whole).toBe(await readAll(followRun(run.row.id)));
  });

  it('is read from Postgres while Redis is away, and through it once it is back', async () => {
    const away = await openRun();
    runRelay()?.offer(away);
    expect(await runRelay()?.follow(away.row.id)).toBeNull();
    const whole = readAll(readRemote(away.row.id, 0));
    await say(away, 5);
    await away.finish({ status: 'complete' });
    expect(await whole).toBe(await readAll(followRun(away.row.id)));
    await redis.resume();
    await reachable();
  });

  it('never waits for a Redis that hangs', async () => {
    const run = await openRun();
    runRelay()?.offer(run);
    const own = readAll(followRun(run.row.id));
    const other = readAll(readRemote(run.row.id, 0));
    await say(run, 5);
    redis.freeze();
    await say(run, 5);
    await run.finish({ status: 'complete' });
    await own;
    expect(await other).toBe(await readAll(followRun(run.row.id)));
    redis.thaw();
  });
});
