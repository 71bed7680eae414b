import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';
import { SEED, seededRandom } from '@/tests/support/seed';
import { Tab } from '@/tests/support/tab';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment } from './environment';
import { expectContiguousTokens } from './expect-stored';

describe('a server process that freezes for longer than its lease', () => {
  const environment = setUpEnvironment();

  it('loses its answers to the other process and writes nothing after it resumes', async () => {
    const model = await environment.model();
    const databaseUrl = await environment.database();
    const env = { POSTGRES_URL: databaseUrl, OPENAI_BASE_URL: model.baseUrl };
    const first = await environment.app(env);
    const second = await environment.app(env);
    const userOnFirst = await TestUser.createGuest(first.baseUrl);
    const userOnSecond = userOnFirst.onServer(second.baseUrl);
    const body = userOnFirst.messageBody('[[scenario:tokens n=3000 hold=100 rate=100]]');
    const tab = await Tab.send(userOnFirst, body);
    await tab.waitForText('t99 ');
    await waitUntilFramesSaved(first);
    const follower = await Tab.open(userOnSecond, body.id);
    // A process takes over only after it has seen heartbeats without a gap for one lease.
    await sleep(10_500);

    const sql = postgres(databaseUrl, { max: 1 });
    environment.addCleanup(() => sql.end());
    process.kill(first.pid(), 'SIGSTOP');
    const [lastHeartbeat] = await sql`
      select seen_at from instance join run on owner_instance = instance.id
      where chat_id = ${body.id}`;
    // The rest of the answer waits for the process until it resumes.
    model.release();
    expect(await follower.connectionEnd).toBe('ended');
    const [lease] = await sql`
      select now() - ${lastHeartbeat?.seen_at}::timestamptz >= interval '10 s' as "hasExpired"`;
    expect(lease?.hasExpired).toBe(true);
    expect(follower.runEnded?.status).toBe('interrupted');
    const storedAnswer = (await userOnSecond.getChat(body.id)).messages[1];
    expect(storedAnswer).toMatchObject({ status: 'interrupted', content: follower.text });
    expect(storedAnswer?.content.startsWith(tab.text)).toBe(true);
    const next = userOnSecond.messageBody('[[scenario:tokens n=5]]', {
      id: body.id,
      parentId: storedAnswer?.id,
    });
    expect((await (await userOnSecond.send(next)).readToEnd()).text).toBe(numberedTokens(5));

    process.kill(first.pid(), 'SIGCONT');
    await waitUntil(() => expect(model.activeAnswers()).toBe(0));
    expect(await tab.connectionEnd).toBe('ended');
    expect(tab.runEnded?.status).toBe('interrupted');
    await sleep(500);
    const { messages } = await userOnSecond.getChat(body.id);
    expect(messages[1]).toEqual(storedAnswer);
    expect(messages[3]).toMatchObject({ status: 'complete', content: numberedTokens(5) });
  });
});

/** Duration of the lease, plus the time another process takes to close a run after it. */
const TAKEOVER_MS = 12_000;
const ANSWERS = 8;

/** Both cases mostly wait, so they run concurrently. */
describe.concurrent.each(['with Redis', 'without Redis'])(
  'fast answers of a server process that freezes, %s',
  (redisMode) => {
    const environment = setUpEnvironment();
    const random = seededRandom(SEED);

    it(`are never displayed further than the stored answer, on either process (seed ${SEED})`, async () => {
      const model = await environment.model();
      const env: Record<string, string> = {
        POSTGRES_URL: await environment.database(),
        OPENAI_BASE_URL: model.baseUrl,
        ...(redisMode === 'with Redis' && { REDIS_URL: (await environment.redis()).url }),
      };
      const first = await environment.app(env);
      const second = await environment.app(env);
      const userOnFirst = await TestUser.createGuest(first.baseUrl);
      const userOnSecond = userOnFirst.onServer(second.baseUrl);
      await sleep(10_500);

      const answers = await Promise.all(
        Array.from({ length: ANSWERS }, async () => {
          await sleep(random() * 3_000);
          const body = userOnFirst.messageBody('[[scenario:tokens n=9000 rate=60]]');
          const writerTab = await Tab.send(userOnFirst, body);
          return { body, writerTab, follower: await Tab.open(userOnSecond, body.id) };
        }),
      );
      await sleep(500 + random() * 3_000);
      process.kill(first.pid(), 'SIGSTOP');
      await Promise.all(answers.map(({ follower }) => follower.readToEnd(userOnSecond)));
      await sleep(random() * (15_000 - TAKEOVER_MS));
      process.kill(first.pid(), 'SIGCONT');

      for (const { body, writerTab, follower } of answers) {
        expect(await writerTab.connectionEnd).toBe('ended');
        const storedAnswer = (await userOnSecond.getChat(body.id)).messages[1];
        expect(storedAnswer?.status).toBe('interrupted');
        for (const tab of [writerTab, follower]) {
          expect(tab.runEnded?.status).toBe('interrupted');
          expect(tab.text).toBe(storedAnswer?.content);
        }
        expectContiguousTokens(writerTab.text);
        const late = await Tab.open(userOnFirst, body.id);
        await late.readToEnd(userOnFirst);
        expect(late.text).toBe(storedAnswer?.content);
      }
      await waitUntil(() => expect(model.activeAnswers()).toBe(0));
    });
  },
);
