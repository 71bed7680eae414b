import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '@/lib/server/db/client';
import { followRun } from '@/lib/server/runs/follow-run';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { readRemote } from '@/lib/server/runs/read-remote';
import { runRelay } from '@/lib/server/runs/relay';
import { freshDatabase, startRedis, type TestRedis } from '@/tests/support/services';
import { waitUntil } from '@/tests/support/wait-until';
import { readAll, startTestRun } from './fixtures';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let redis: TestRedis;

beforeAll(async () => {
  database = await freshDatabase();
  redis = await startRedis();
  process.env.REDIS_URL = redis.url;
  await waitForRelay();
});

afterAll(async () => {
  await runRelay()?.close();
  await sql().end();
  await redis.stop();
  await database.drop();
});

/** Waits until the relay has connected, which it does in the background. */
async function waitForRelay(): Promise<void> {
  const probe = await startTestRun();
  const stream = await waitUntil(async () => {
    runRelay()?.publish(probe);
    await sleep(50);
    const followed = await runRelay()?.follow(probe.row.id);
    if (!followed) throw new Error('The relay did not reach Redis');
    return followed;
  }, 60_000);
  await stream.cancel();
  await probe.finish({ status: 'complete' });
}

async function appendTokens(run: LiveRun, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    run.append(`0:"${i} 👩‍🚀 "\n`);
    await sleep(10);
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an answer read from another process through Redis', () => {
  it('is complete from any line and live until its end', async () => {
    const run = await startTestRun();
    runRelay()?.publish(run);
    await appendTokens(run, 10);
    const fromStart = readAll(readRemote(run.row.id, 0));
    const fromOffset = readAll(readRemote(run.row.id, 5));
    await appendTokens(run, 20);
    await run.finish({ status: 'complete' });
    const delivered = await readAll(followRun(run.row.id));
    expect(await fromStart).toBe(delivered);
    expect(await fromOffset).toBe(delivered.split('\n').slice(5).join('\n'));
  });

  it('continues from Postgres at the right line when Redis fails', async () => {
    const run = await startTestRun();
    runRelay()?.publish(run);
    await appendTokens(run, 10);
    const fromStart = readAll(readRemote(run.row.id, 0));
    await appendTokens(run, 10);
    await redis.kill();
    await appendTokens(run, 20);
    await run.finish({ status: 'complete' });
    expect(await fromStart).toBe(await readAll(followRun(run.row.id)));
  });

  it('is read from Postgres during a Redis outage and through Redis afterwards', async () => {
    const runDuringOutage = await startTestRun();
    runRelay()?.publish(runDuringOutage);
    expect(await runRelay()?.follow(runDuringOutage.row.id)).toBeNull();
    const fromStart = readAll(readRemote(runDuringOutage.row.id, 0));
    await appendTokens(runDuringOutage, 5);
    await runDuringOutage.finish({ status: 'complete' });
    expect(await fromStart).toBe(await readAll(followRun(runDuringOutage.row.id)));
    await redis.restart();
    await waitForRelay();
  });

  it('never waits for a Redis that hangs', async () => {
    const run = await startTestRun();
    runRelay()?.publish(run);
    const localText = readAll(followRun(run.row.id));
    const other = readAll(readRemote(run.row.id, 0));
    await appendTokens(run, 5);
    redis.freeze();
    await appendTokens(run, 5);
    await run.finish({ status: 'complete' });
    await localText;
    expect(await other).toBe(await readAll(followRun(run.row.id)));
    redis.thaw();
  });
});
