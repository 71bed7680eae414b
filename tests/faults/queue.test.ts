import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelServer } from '@/tests/support/model-server';
import { QueueTab } from '@/tests/support/queue-tab';
import type { TestApp } from '@/tests/support/services';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment } from './environment';

const environment = setUpEnvironment();
let model: ModelServer;
let databaseUrl: string;
let app: TestApp;
let user: TestUser;

beforeAll(async () => {
  model = await environment.model();
  databaseUrl = await environment.database();
  app = await startProcess();
  user = await TestUser.createGuest(app.baseUrl);
});

const startProcess = () =>
  environment.app({ POSTGRES_URL: databaseUrl, OPENAI_BASE_URL: model.baseUrl });

/**
 * Lets an answer end well after two messages were queued, while no process can read the queue: all
 * that look for the next message wait for `unlock`.
 */
async function endAnswerWithLockedQueue() {
  const body = user.messageBody(`[[scenario:tokens n=4 hold=2]] ${randomUUID()}`);
  const answer = await user.send(body);
  await answer.readUntilText('t1 ');
  const tab = new QueueTab(user, body.id);
  await tab.add('one');
  await tab.add('two');

  const sql = postgres(databaseUrl, { max: 2 });
  environment.addCleanup(() => sql.end());
  const connection = await sql.reserve();
  await connection`begin`;
  await connection`lock table queued_message in access exclusive mode`;
  model.release();
  await waitUntil(async () => {
    const [row] = await sql`
      select status from message where parent_id = ${body.message.id} and status = 'complete'`;
    if (!row) throw new Error('The answer has not ended');
  });
  return {
    first: body.message.parts[0].text,
    tab,
    /** Resolves when at least this many queries wait for the queue. */
    waitForQueries: (count: number) =>
      waitUntil(async () => {
        const waiting = await sql`
          select pid from pg_locks where not granted and relation = 'queued_message'::regclass`;
        if (waiting.length < count) throw new Error(`${waiting.length} queries are waiting`);
      }),
    unlock: async () => {
      await connection`rollback`;
      connection.release();
    },
  };
}

describe('after an answer that ended well', () => {
  it('a message whose process was killed before it was sent is sent exactly once after the restart', async () => {
    const { first, tab, waitForQueries, unlock } = await endAnswerWithLockedQueue();
    await waitForQueries(1);
    await app.kill9();
    await unlock();
    expect(await countMessages(tab.chatId)).toBe(2);
    await app.restart();
    await tab.waitUntilSent();
    expect(await tab.sentTexts()).toEqual([first, 'one', 'two']);
    expect(await countMessages(tab.chatId)).toBe(6);
  });

  it('two processes that look at the queue at once send each message exactly once', async () => {
    const second = await startProcess();
    const { first, tab, waitForQueries, unlock } = await endAnswerWithLockedQueue();
    // The run's process, and the scans of both.
    await waitForQueries(3);
    await unlock();
    await tab.waitUntilSent();
    expect(await tab.sentTexts()).toEqual([first, 'one', 'two']);
    expect(await countMessages(tab.chatId)).toBe(6);
    await second.kill9();
  });
});

async function countMessages(chatId: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  const [row] = await sql`select count(*)::int as count from message where chat_id = ${chatId}`;
  await sql.end();
  return row?.count;
}
