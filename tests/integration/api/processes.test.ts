import { afterAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp, startRedis, type TestApp } from '@/tests/support/services';
import { startTransactionPooler } from '@/tests/support/transaction-pooler';
import { eventually, numbers, Person } from './person';

const ends: Array<() => Promise<unknown>> = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

type Services = { url: string; model: ModelServer };

async function services(): Promise<Services> {
  const database = await freshDatabase();
  ends.push(database.drop);
  const model = await startModelServer();
  ends.push(model.stop);
  return { url: database.url, model };
}

async function launch(
  { url, model }: Services,
  env: Record<string, string> = {},
): Promise<TestApp> {
  const app = await startApp({
    env: { POSTGRES_URL: url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'warn', ...env },
  });
  ends.push(app.stop);
  return app;
}

describe('kill -9 in the middle of an answer', () => {
  it('loses nothing that was shown: it is there after the restart, marked, and can be retried', async () => {
    const at = await services();
    const app = await launch(at);
    const person = await Person.arrive(app.baseUrl);
    const finished = person.message('[[scenario:tokens n=5]]');
    await (await person.send(finished)).whole();
    const body = person.message('[[scenario:tokens n=500 rate=100]]');
    const answer = await person.send(body);
    await answer.until('t60 ');
    await app.kill9();
    await answer.whole().catch(() => {});
    await app.restart();

    expect((await person.chat(finished.id)).messages[1]?.content).toBe(numbers(5));
    const kept = (await person.chat(body.id)).messages[1];
    expect(kept?.status).toBe('interrupted');
    expect(kept?.annotations[0]?.error?.code).toBe('interrupted');
    expect(kept?.content.startsWith(answer.text)).toBe(true);
    expect(numbers(500).startsWith(kept?.content ?? '-')).toBe(true);
    const resumed = await (await person.resume(body.id)).whole();
    expect(resumed.events[0]?.type).toBe('append-message');
    const retried = await person.send({ ...body, retryOf: kept?.id });
    await retried.until('t3 ');
    await person.stop(body.id);
  });
});

describe('SIGTERM', () => {
  it('lets a short answer finish', async () => {
    const at = await services();
    const app = await launch(at, { SHUTDOWN_GRACE_MS: '10000' });
    const person = await Person.arrive(app.baseUrl);
    const body = person.message('[[scenario:tokens n=60 rate=60]]');
    const answer = await person.send(body);
    await answer.until('t5 ');
    const stopped = app.stop();
    expect((await answer.whole()).text).toBe(numbers(60));
    expect(await stopped).toBe(0);
    await app.restart();
    expect((await person.chat(body.id)).messages[1]?.status).toBe('complete');
  });

  it('closes a long one as interrupted with what had come, and refuses new ones meanwhile', async () => {
    const at = await services();
    const app = await launch(at, { SHUTDOWN_GRACE_MS: '1500' });
    const person = await Person.arrive(app.baseUrl);
    const body = person.message('[[scenario:tokens n=2000 rate=50]]');
    const answer = await person.send(body);
    await answer.until('t5 ');
    const stopped = app.stop();
    await eventually(async () => {
      const refused = await person.send(person.message('too late'));
      expect((await refused.refusal()).code).toBe('shutting_down');
    });
    await answer.whole();
    expect(answer.ending).toMatchObject({ status: 'interrupted' });
    expect(await stopped).toBe(0);
    await app.restart();
    const kept = (await person.chat(body.id)).messages[1];
    expect(kept).toMatchObject({ status: 'interrupted', content: answer.text });
  });
});

describe.each(['through Redis', 'through Postgres alone'])('two processes, %s', (how) => {
  it('are one: begun on the first, followed on the second, stopped from the second', async () => {
    const at = await services();
    const env: Record<string, string> = {};
    if (how === 'through Redis') {
      const redis = await startRedis();
      ends.push(redis.stop);
      env.REDIS_URL = redis.url;
    }
    const first = await launch(at, env);
    const second = await launch(at, env);
    const person = await Person.arrive(first.baseUrl);
    const elsewhere = person.at(second.baseUrl);

    const short = person.message('[[scenario:tokens n=80 rate=60]]');
    const answer = await person.send(short);
    await answer.until('t10 ');
    const followed = await elsewhere.resume(short.id, 3);
    await Promise.all([answer.whole(), followed.whole()]);
    expect(followed.lines).toEqual(answer.lines.slice(3));

    const long = person.message('[[scenario:tokens n=3000 rate=50]]');
    const endless = await person.send(long);
    await endless.until('t5 ');
    expect(await elsewhere.stop(long.id)).toEqual({ stopped: true });
    expect((await endless.whole()).ending?.status).toBe('stopped');
    await eventually(() => expect(at.model.openAnswers()).toBe(0));
  });
});

describe('behind a pooler in transaction mode', () => {
  const BACKENDS = 4;

  it('a process without a direct address ends at its start and says which variable to set', async () => {
    const at = await services();
    const pooler = await startTransactionPooler(at.url, BACKENDS);
    ends.push(pooler.stop);
    await expect(launch({ ...at, url: pooler.url })).rejects.toThrow(
      'POSTGRES_DIRECT_URL is not set, and POSTGRES_URL leads to a pooler in transaction mode',
    );
  });

  it('two processes are one: many chats at once, stops, sign-outs, and the death of one', async () => {
    const at = await services();
    const pooler = await startTransactionPooler(at.url, BACKENDS);
    ends.push(pooler.stop);
    const behind = { ...at, url: pooler.url };
    const env = { POSTGRES_DIRECT_URL: at.url };
    const [first, second] = await Promise.all([launch(behind, env), launch(behind, env)]);
    const person = await Person.arrive(first.baseUrl);
    const elsewhere = person.at(second.baseUrl);

    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const [writer, reader] = index % 2 ? [person, elsewhere] : [elsewhere, person];
        const body = writer.message(`[[scenario:tokens n=${20 + index} rate=100]]`);
        const answer = await writer.send(body);
        expect((await answer.whole()).text).toBe(numbers(20 + index));
        // On a busy machine the end is shown before it is saved.
        await eventually(async () => {
          const { messages } = await reader.chat(body.id);
          expect(messages[1]?.content).toBe(numbers(20 + index));
        });
      }),
    );
    expect(pooler.backends()).toBe(BACKENDS);

    const long = person.message('[[scenario:tokens n=3000 rate=50]]');
    const endless = await person.send(long);
    await endless.until('t5 ');
    expect(await elsewhere.stop(long.id)).toEqual({ stopped: true });
    expect((await endless.whole()).ending?.status).toBe('stopped');

    const other = await Person.arrive(first.baseUrl);
    const events = (await other.at(second.baseUrl).fetch('/api/events')).body?.getReader();
    await other.fetch('/api/auth/sign-out', { method: 'POST' });
    // The stream in the other process ends with the session.
    await eventually(async () => expect((await events?.read())?.done).toBe(true));

    const body = person.message('[[scenario:tokens n=3000 rate=50]]');
    await (await person.send(body)).until('t20 ');
    const follower = await elsewhere.resume(body.id);
    await follower.until('t20 ');
    await first.kill9();
    await follower.whole();
    expect(follower.ending?.status).toBe('interrupted');
    expect(numbers(3000).startsWith(follower.text)).toBe(true);
    expect((await elsewhere.chat(body.id)).messages[1]?.content).toBe(follower.text);
    await first.restart();
    expect((await person.chat(body.id)).messages[1]?.content).toBe(follower.text);
  });
});

describe('a Redis that is not there when the app starts', () => {
  it('costs one warning, keeps answers going, and is used once it is there', async () => {
    const probe = await startRedis();
    const { port, url } = probe;
    await probe.stop();
    const at = await services();
    const app = await launch(at, { REDIS_URL: url, LOG_LEVEL: 'info' });
    const person = await Person.arrive(app.baseUrl);
    const body = person.message('[[scenario:tokens n=30 rate=60]]');
    expect((await (await person.send(body)).whole()).text).toBe(numbers(30));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(app.logs().match(/Redis cannot be reached/g)).toHaveLength(1);
    const redis = await startRedis({ port });
    ends.push(redis.stop);
    await eventually(() => expect(app.logs()).toContain('Redis is back'));
  });
});
