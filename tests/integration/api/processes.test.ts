import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createCleanups } from '@/tests/support/cleanups';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp, startRedis, type TestApp } from '@/tests/support/services';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { startTransactionPooler } from '@/tests/support/transaction-pooler';
import { waitUntil } from '@/tests/support/wait-until';

const cleanups = createCleanups();

afterAll(cleanups.run);

type Services = { url: string; model: ModelServer };

async function startServices(): Promise<Services> {
  const database = await freshDatabase();
  cleanups.add(database.drop);
  const model = await startModelServer();
  cleanups.add(model.stop);
  return { url: database.url, model };
}

async function launch(
  { url, model }: Services,
  env: Record<string, string> = {},
): Promise<TestApp> {
  const app = await startApp({
    env: { POSTGRES_URL: url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'warn', ...env },
  });
  cleanups.add(app.stop);
  return app;
}

describe('kill -9 during an answer', () => {
  it('loses nothing that was delivered, and the answer is marked as interrupted and can be retried after the restart', async () => {
    const services = await startServices();
    const app = await launch(services, { LOG_LEVEL: 'info' });
    const user = await TestUser.createGuest(app.baseUrl);
    const finished = user.messageBody('[[scenario:tokens n=5]]');
    await (await user.send(finished)).readToEnd();
    const body = user.messageBody('[[scenario:tokens n=500 hold=61]]');
    const answer = await user.send(body);
    await answer.readUntilText('t60 ');
    await waitUntilFramesSaved(app);
    await app.kill9();
    await answer.readToEnd().catch(() => {});
    await app.restart();

    expect((await user.getChat(finished.id)).messages[1]?.content).toBe(numberedTokens(5));
    const storedAnswer = (await user.getChat(body.id)).messages[1];
    expect(storedAnswer?.status).toBe('interrupted');
    expect(storedAnswer?.annotations[0]?.error?.code).toBe('interrupted');
    expect(storedAnswer?.content.startsWith(answer.text)).toBe(true);
    expect(numberedTokens(500).startsWith(storedAnswer?.content ?? '-')).toBe(true);
    const resumed = await (await user.resume(body.id)).readToEnd();
    expect(resumed.events[0]?.type).toBe('append-message');
    const retried = await user.send({ ...body, retryOf: storedAnswer?.id });
    await retried.readUntilText('t3 ');
    await user.stop(body.id);
  });
});

/** Waits until the app rejects new messages. */
async function expectShuttingDown(user: TestUser): Promise<void> {
  await waitUntil(async () => {
    const rejected = await user.send(user.messageBody('too late'));
    expect((await rejected.readError()).code).toBe('shutting_down');
  });
}

describe('SIGTERM', () => {
  it('lets a short answer finish', async () => {
    const services = await startServices();
    const app = await launch(services, { SHUTDOWN_GRACE_MS: '30000' });
    const user = await TestUser.createGuest(app.baseUrl);
    const body = user.messageBody('[[scenario:tokens n=60 hold=10]]');
    const answer = await user.send(body);
    await answer.readUntilText('t5 ');
    const stopped = app.stop();
    await expectShuttingDown(user);
    services.model.release();
    expect((await answer.readToEnd()).text).toBe(numberedTokens(60));
    expect(await stopped).toBe(0);
    await app.restart();
    expect((await user.getChat(body.id)).messages[1]?.status).toBe('complete');
  });

  it('stores a long answer as interrupted and rejects new ones meanwhile', async () => {
    const services = await startServices();
    // Long enough for a slow machine to reject a message before the exit.
    const app = await launch(services, { SHUTDOWN_GRACE_MS: '5000' });
    const user = await TestUser.createGuest(app.baseUrl);
    const body = user.messageBody('[[scenario:tokens n=2000 rate=50]]');
    const answer = await user.send(body);
    await answer.readUntilText('t5 ');
    const stopped = app.stop();
    await expectShuttingDown(user);
    await answer.readToEnd();
    expect(answer.runEnded).toMatchObject({ status: 'interrupted' });
    expect(await stopped).toBe(0);
    await app.restart();
    const storedAnswer = (await user.getChat(body.id)).messages[1];
    expect(storedAnswer).toMatchObject({ status: 'interrupted', content: answer.text });
  });
});

describe.each(['through Redis', 'through Postgres alone'])('two processes, %s', (transport) => {
  it('start, follow and stop the same answer', async () => {
    const services = await startServices();
    const env: Record<string, string> = {};
    if (transport === 'through Redis') {
      const redis = await startRedis();
      cleanups.add(redis.stop);
      env.REDIS_URL = redis.url;
    }
    const first = await launch(services, env);
    const second = await launch(services, env);
    const user = await TestUser.createGuest(first.baseUrl);
    const userOnSecond = user.onServer(second.baseUrl);

    const shortMessage = user.messageBody('[[scenario:tokens n=80 hold=20 rate=60]]');
    const answer = await user.send(shortMessage);
    await answer.readUntilText('t10 ');
    const followerStream = await userOnSecond.resume(shortMessage.id, 3);
    services.model.release();
    await Promise.all([answer.readToEnd(), followerStream.readToEnd()]);
    expect(followerStream.lines).toEqual(answer.lines.slice(3));

    const longMessage = user.messageBody('[[scenario:tokens n=3000 rate=50]]');
    const stoppedAnswer = await user.send(longMessage);
    await stoppedAnswer.readUntilText('t5 ');
    expect(await userOnSecond.stop(longMessage.id)).toEqual({ stopped: true });
    expect((await stoppedAnswer.readToEnd()).runEnded?.status).toBe('stopped');
    await waitUntil(() => expect(services.model.activeAnswers()).toBe(0));
  });
});

describe('behind a pooler in transaction mode', () => {
  const BACKENDS = 4;

  it('a process without a direct address exits at startup and names the missing variable', async () => {
    const services = await startServices();
    const pooler = await startTransactionPooler(services.url, BACKENDS);
    cleanups.add(pooler.stop);
    await expect(launch({ ...services, url: pooler.url })).rejects.toThrow(
      'POSTGRES_DIRECT_URL is not set, and POSTGRES_URL is the address of a pooler in transaction mode',
    );
  });

  it('two processes share many concurrent chats, stops and sign-outs, and one takes over from the other', async () => {
    const services = await startServices();
    const pooler = await startTransactionPooler(services.url, BACKENDS);
    cleanups.add(pooler.stop);
    const pooledServices = { ...services, url: pooler.url };
    const env = { POSTGRES_DIRECT_URL: services.url };
    const [first, second] = await Promise.all([
      launch(pooledServices, env),
      launch(pooledServices, env),
    ]);
    const user = await TestUser.createGuest(first.baseUrl);
    const userOnSecond = user.onServer(second.baseUrl);

    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const [writer, reader] = index % 2 ? [user, userOnSecond] : [userOnSecond, user];
        const body = writer.messageBody(`[[scenario:tokens n=${20 + index} rate=100]]`);
        const answer = await writer.send(body);
        expect((await answer.readToEnd()).text).toBe(numberedTokens(20 + index));
        // On a busy machine the end is delivered before it is saved.
        await waitUntil(async () => {
          const { messages } = await reader.getChat(body.id);
          expect(messages[1]?.content).toBe(numberedTokens(20 + index));
        });
      }),
    );
    expect(pooler.backends()).toBe(BACKENDS);

    const longMessage = user.messageBody('[[scenario:tokens n=3000 rate=50]]');
    const stoppedAnswer = await user.send(longMessage);
    await stoppedAnswer.readUntilText('t5 ');
    expect(await userOnSecond.stop(longMessage.id)).toEqual({ stopped: true });
    expect((await stoppedAnswer.readToEnd()).runEnded?.status).toBe('stopped');

    const other = await TestUser.createGuest(first.baseUrl);
    const events = (await other.onServer(second.baseUrl).fetch('/api/events')).body?.getReader();
    await other.fetch('/api/auth/sign-out', { method: 'POST' });
    // The stream at the other process ends with the session.
    await waitUntil(async () => expect((await events?.read())?.done).toBe(true));

    const body = user.messageBody('[[scenario:tokens n=3000 rate=50]]');
    await (await user.send(body)).readUntilText('t20 ');
    const follower = await userOnSecond.resume(body.id);
    await follower.readUntilText('t20 ');
    await first.kill9();
    await follower.readToEnd();
    expect(follower.runEnded?.status).toBe('interrupted');
    expect(numberedTokens(3000).startsWith(follower.text)).toBe(true);
    expect((await userOnSecond.getChat(body.id)).messages[1]?.content).toBe(follower.text);
    await first.restart();
    expect((await user.getChat(body.id)).messages[1]?.content).toBe(follower.text);
  });
});

describe('a Redis that is unavailable at startup', () => {
  it('logs one warning, does not affect answers, and is used once it is available', async () => {
    const probe = await startRedis();
    const { port, url } = probe;
    await probe.stop();
    const services = await startServices();
    const app = await launch(services, { REDIS_URL: url, LOG_LEVEL: 'info' });
    const user = await TestUser.createGuest(app.baseUrl);
    const body = user.messageBody('[[scenario:tokens n=30 rate=60]]');
    expect((await (await user.send(body)).readToEnd()).text).toBe(numberedTokens(30));
    await waitUntil(() => expect(app.logs()).toContain('Redis is unreachable'));
    // Several more attempts to connect.
    await sleep(1_500);
    expect(app.logs().match(/Redis is unreachable/g)).toHaveLength(1);
    const redis = await startRedis({ port });
    cleanups.add(redis.stop);
    await waitUntil(() => expect(app.logs()).toContain('Redis is reachable again'));
  });
});
