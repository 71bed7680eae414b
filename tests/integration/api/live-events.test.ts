import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveEvent, SessionInfo } from '@/lib/protocol/api';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp } from '@/tests/support/services';
import { eventually, Person } from './person';

const ends: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

let databaseUrl = '';
const models: ModelServer[] = [];

async function twoProcesses(): Promise<[string, string]> {
  const database = await freshDatabase();
  databaseUrl = database.url;
  ends.push(database.drop);
  const model: ModelServer = await startModelServer();
  ends.push(model.stop);
  models.push(model);
  const launch = async () => {
    const app = await startApp({
      env: {
        POSTGRES_URL: database.url,
        OPENAI_BASE_URL: model.baseUrl,
        LOG_LEVEL: 'error',
      },
    });
    ends.push(app.stop);
    return app.baseUrl;
  };
  return [await launch(), await launch()];
}

/** Reads a person's events until it is closed. */
async function listen(person: Person): Promise<LiveEvent[]> {
  const response = await person.fetch('/api/events');
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  ends.push(async () => reader?.cancel());
  const events: LiveEvent[] = [];
  void (async () => {
    let rest = '';
    for (;;) {
      const { done, value } = (await reader?.read().catch(() => null)) ?? { done: true };
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('data: ')) events.push(JSON.parse(block.slice(6)) as LiveEvent);
      }
    }
  })();
  await eventually(() => expect(events[0]).toEqual({ type: 'ready' }));
  return events;
}

describe('live events', () => {
  it('tell all windows of a person, in any process, and nobody else', async () => {
    const [first, second] = await twoProcesses();
    const person = await Person.arrive(first);
    const here = await listen(person);
    const elsewhere = await listen(person.at(second));
    const stranger = await listen(await Person.arrive(second));

    const body = person.message('[[scenario:tokens n=20]] [[title: text="Twenty"]]');
    const answer = await (await person.send(body)).whole();
    const messageId = (await person.chat(body.id)).messages[1]?.id ?? '';
    expect(answer.ending?.status).toBe('complete');
    const wanted: LiveEvent[] = [
      { type: 'run-started', chatId: body.id, messageId },
      { type: 'chat-updated', chatId: body.id },
      { type: 'run-ended', chatId: body.id, messageId },
    ];
    for (const heard of [here, elsewhere]) {
      await eventually(() => expect(heard).toEqual(expect.arrayContaining(wanted)));
    }

    await person.json(`/api/chat/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Another name' }),
    });
    await person.fetch(`/api/chat/${body.id}`, { method: 'DELETE' });
    await eventually(() =>
      expect(elsewhere.slice(-2)).toEqual([
        { type: 'chat-updated', chatId: body.id },
        { type: 'chat-deleted', chatId: body.id },
      ]),
    );
    expect(stranger).toEqual([{ type: 'ready' }]);
  });

  it('tell the account of a guest who signed up how the answers end that the guest began', async () => {
    const [first, second] = await twoProcesses();
    const person = await Person.arrive(first);
    const [stopped, finished] = [
      person.message('[[scenario:tokens n=3000 rate=50]]'),
      person.message('[[scenario:tokens n=20 hold=10]]'),
    ];
    for (const body of [stopped, finished]) await (await person.send(body)).until('t1 ');

    // With the other process, which does not make the answers.
    const email = `${randomUUID()}@example.com`;
    const signedUp = await person
      .at(second)
      .post('/api/auth/sign-up', { email, password: 'correct horse' });
    expect(signedUp.status).toBe(200);
    const account = person.at(first);
    account.cookie = signedUp.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    const windows = [await listen(account), await listen(account.at(second))];

    const resumed = await account.at(second).resume(finished.id);
    models.at(-1)?.release();
    expect((await resumed.whole()).ending?.status).toBe('complete');
    expect(await account.at(second).stop(stopped.id)).toEqual({ stopped: true });
    for (const heard of windows) {
      for (const chatId of [stopped.id, finished.id]) {
        const ended = expect.objectContaining({ type: 'run-ended', chatId });
        await eventually(() => expect(heard).toContainEqual(ended));
      }
    }
    expect((await account.chat(stopped.id)).messages[1]?.status).toBe('stopped');
    expect((await person.fetch(`/api/chat/${finished.id}`)).status).toBe(401);
  });

  it('and answers end with the session, in every process, however it is ended', async () => {
    const [first, second] = await twoProcesses();
    const sql = postgres(databaseUrl, { max: 1 });
    ends.push(() => sql.end());
    const endings: Array<[how: string, end: (person: Person, userId: string) => Promise<unknown>]> =
      [
        ['sign-out', (person) => person.fetch('/api/auth/sign-out', { method: 'POST' })],
        ['deletion', (_, userId) => sql`delete from "user" where id = ${userId}`],
        ['block', (_, userId) => sql`update "user" set blocked_at = now() where id = ${userId}`],
      ];
    for (const [how, end] of endings) {
      const person = await Person.arrive(first);
      const { user } = await person.json<SessionInfo>('/api/session');
      const body = person.message('[[scenario:tokens n=3000 rate=50]]');
      const answer = await person.send(body);
      await answer.until('t1 ');
      const elsewhere = person.at(second);
      const streams = [
        await person.fetch('/api/events'),
        await elsewhere.fetch('/api/events'),
        await elsewhere.fetch(`/api/chat?chatId=${body.id}`),
      ];
      const ended = Promise.all([...streams.map((stream) => stream.text()), answer.whole()]);

      await end(person, user?.id ?? '');

      await ended;
      for (const visitor of [person, elsewhere]) {
        for (const [path, init] of [
          [`/api/chat/${body.id}`, {}],
          [`/api/chat/${body.id}`, { method: 'DELETE' }],
          ['/api/events', {}],
        ] as const) {
          expect((await visitor.fetch(path, init)).status, `${how}: ${path}`).toBe(401);
        }
        const late = await visitor.post('/api/chat', person.message('hi', { id: randomUUID() }));
        expect(late.status, how).toBe(401);
      }
      // Nobody's chat came of it, and the answer goes on without a reader.
      expect(await sql`select 1 from chat where owner_id = ${user?.id ?? ''}`).toHaveLength(1);
      expect(
        await sql`select 1 from run where chat_id = ${body.id} and status = 'running'`,
      ).toHaveLength(1);
    }
  });

  it('are for whoever has a session', async () => {
    const [first] = await twoProcesses();
    expect((await fetch(`${first}/api/events`)).status).toBe(401);
  });
});
