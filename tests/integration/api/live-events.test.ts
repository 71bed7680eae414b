import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SessionInfo } from '@/lib/protocol/api';
import type { LiveEvent } from '@/lib/protocol/live-events';
import { createCleanups } from '@/tests/support/cleanups';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp } from '@/tests/support/services';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';

/** Two processes of one installation: their addresses, model server and database. */
let first: string;
let second: string;
let model: ModelServer;
let databaseUrl: string;

const cleanups = createCleanups();
let stopInstallation: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  databaseUrl = database.url;
  model = await startModelServer();
  const env = { POSTGRES_URL: database.url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'error' };
  const apps = await Promise.all([startApp({ env }), startApp({ env })]);
  [first, second] = [apps[0].baseUrl, apps[1].baseUrl];
  stopInstallation = async () => {
    // Ends the running answers; the apps would wait for them.
    await model.stop();
    await Promise.all(apps.map((app) => app.stop()));
    await database.drop();
  };
});

afterEach(cleanups.run);

afterAll(() => stopInstallation?.());

/** Collects the events of a user until the test ends. */
async function subscribeToEvents(testUser: TestUser): Promise<LiveEvent[]> {
  const response = await testUser.fetch('/api/events');
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  cleanups.add(async () => reader?.cancel());
  const events: LiveEvent[] = [];
  void (async () => {
    let buffer = '';
    for (;;) {
      const { done, value } = (await reader?.read().catch(() => null)) ?? { done: true };
      if (done) return;
      const blocks = (buffer + value).split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as LiveEvent);
      }
    }
  })();
  await waitUntil(() => expect(events[0]).toEqual({ type: 'ready' }));
  return events;
}

describe('live events', () => {
  it('reach all tabs of a user on any process, and no other user', async () => {
    const testUser = await TestUser.createGuest(first);
    const eventsOnFirst = await subscribeToEvents(testUser);
    const eventsOnSecond = await subscribeToEvents(testUser.onServer(second));
    const otherUserEvents = await subscribeToEvents(await TestUser.createGuest(second));

    const body = testUser.messageBody('[[scenario:tokens n=20]] [[title: text="Twenty"]]');
    const answer = await (await testUser.send(body)).readToEnd();
    const messageId = (await testUser.getChat(body.id)).messages[1]?.id ?? '';
    expect(answer.runEnded?.status).toBe('complete');
    const expectedEvents: LiveEvent[] = [
      { type: 'run-started', chatId: body.id, messageId },
      { type: 'chat-updated', chatId: body.id },
      { type: 'run-ended', chatId: body.id, messageId },
    ];
    for (const received of [eventsOnFirst, eventsOnSecond]) {
      await waitUntil(() => expect(received).toEqual(expect.arrayContaining(expectedEvents)));
    }

    await testUser.json(`/api/chat/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Another name' }),
    });
    await testUser.fetch(`/api/chat/${body.id}`, { method: 'DELETE' });
    await waitUntil(() =>
      expect(eventsOnSecond.slice(-2)).toEqual([
        { type: 'chat-updated', chatId: body.id },
        { type: 'chat-deleted', chatId: body.id },
      ]),
    );
    expect(otherUserEvents).toEqual([{ type: 'ready' }]);
  });

  it('report the end of answers that a guest started to the account of that guest', async () => {
    const testUser = await TestUser.createGuest(first);
    const [stopped, finished] = [
      testUser.messageBody('[[scenario:tokens n=3000 rate=50]]'),
      testUser.messageBody('[[scenario:tokens n=20 hold=10]]'),
    ];
    for (const body of [stopped, finished]) await (await testUser.send(body)).readUntilText('t1 ');

    // At the other process, which does not run the answers.
    const email = `${randomUUID()}@example.com`;
    const signedUp = await testUser
      .onServer(second)
      .post('/api/auth/sign-up', { email, password: 'correct horse' });
    expect(signedUp.status).toBe(200);
    const account = testUser.onServer(first);
    account.cookie = signedUp.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    const eventStreams = [
      await subscribeToEvents(account),
      await subscribeToEvents(account.onServer(second)),
    ];

    const resumed = await account.onServer(second).resume(finished.id);
    model.release();
    expect((await resumed.readToEnd()).runEnded?.status).toBe('complete');
    expect(await account.onServer(second).stop(stopped.id)).toEqual({ stopped: true });
    for (const received of eventStreams) {
      for (const chatId of [stopped.id, finished.id]) {
        const ended = expect.objectContaining({ type: 'run-ended', chatId });
        await waitUntil(() => expect(received).toContainEqual(ended));
      }
    }
    expect((await account.getChat(stopped.id)).messages[1]?.status).toBe('stopped');
    expect((await testUser.fetch(`/api/chat/${finished.id}`)).status).toBe(401);
  });

  it('stop on every process when the session ends for any reason, and so do answer streams', async () => {
    const sql = postgres(databaseUrl, { max: 1 });
    cleanups.add(() => sql.end());
    const sessionEndings: Array<
      [label: string, endSession: (testUser: TestUser, userId: string) => Promise<unknown>]
    > = [
      ['sign-out', (testUser) => testUser.fetch('/api/auth/sign-out', { method: 'POST' })],
      ['deletion', (_, userId) => sql`delete from "user" where id = ${userId}`],
      ['block', (_, userId) => sql`update "user" set blocked_at = now() where id = ${userId}`],
    ];
    for (const [label, endSession] of sessionEndings) {
      const testUser = await TestUser.createGuest(first);
      const { user } = await testUser.json<SessionInfo>('/api/session');
      const body = testUser.messageBody('[[scenario:tokens n=3000 hold=5]]');
      const answer = await testUser.send(body);
      await answer.readUntilText('t1 ');
      const userOnSecond = testUser.onServer(second);
      const streams = [
        await testUser.fetch('/api/events'),
        await userOnSecond.fetch('/api/events'),
        await userOnSecond.fetch(`/api/chat?chatId=${body.id}`),
      ];
      const ended = Promise.all([...streams.map((stream) => stream.text()), answer.readToEnd()]);

      await endSession(testUser, user?.id ?? '');

      await ended;
      for (const visitor of [testUser, userOnSecond]) {
        for (const [path, init] of [
          [`/api/chat/${body.id}`, {}],
          [`/api/chat/${body.id}`, { method: 'DELETE' }],
          ['/api/events', {}],
        ] as const) {
          expect((await visitor.fetch(path, init)).status, `${label}: ${path}`).toBe(401);
        }
        const late = await visitor.post(
          '/api/chat',
          testUser.messageBody('hi', { id: randomUUID() }),
        );
        expect(late.status, label).toBe(401);
      }
      // No other chat was created, and the answer continues without a reader.
      expect(await sql`select 1 from chat where owner_id = ${user?.id ?? ''}`).toHaveLength(1);
      expect(
        await sql`select 1 from run where chat_id = ${body.id} and status = 'running'`,
      ).toHaveLength(1);
    }
  });

  it('require a session', async () => {
    expect((await fetch(`${first}/api/events`)).status).toBe(401);
  });
});
