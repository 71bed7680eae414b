import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually, numbers, Person } from '@/tests/integration/api/person';
import { SEED, seededRandom } from '@/tests/support/seed';
import { Tab } from '@/tests/support/tab';
import { expectCounted } from './kept';
import { setStage } from './stage';

describe('a server process that freezes for longer than its lease', () => {
  const stage = setStage();

  it('loses its answers to the others, and changes nothing any more when it thaws', async () => {
    const model = await stage.model();
    const env = { POSTGRES_URL: await stage.database(), OPENAI_BASE_URL: model.baseUrl };
    const first = await stage.app(env);
    const second = await stage.app(env);
    const onFirst = await Person.arrive(first.baseUrl);
    const onSecond = onFirst.at(second.baseUrl);
    const body = onFirst.message('[[scenario:tokens n=3000 rate=50]]');
    const tab = await Tab.send(onFirst, body);
    await tab.until('t50 ');
    const follower = await Tab.open(onSecond, body.id);
    // Only who has been heard without a gap for a lease judges by it.
    await sleep(10_500);

    process.kill(first.pid(), 'SIGSTOP');
    const frozenAt = Date.now();
    expect(await follower.over).toBe('ended');
    expect(Date.now() - frozenAt).toBeGreaterThan(9_000);
    expect(follower.ending?.status).toBe('interrupted');
    const kept = (await onSecond.chat(body.id)).messages[1];
    expect(kept).toMatchObject({ status: 'interrupted', content: follower.text });
    expect(kept?.content.startsWith(tab.text)).toBe(true);
    const next = onSecond.message('[[scenario:tokens n=5]]', { id: body.id, parentId: kept?.id });
    expect((await (await onSecond.send(next)).whole()).text).toBe(numbers(5));

    process.kill(first.pid(), 'SIGCONT');
    await eventually(() => expect(model.openAnswers()).toBe(0));
    expect(await tab.over).toBe('ended');
    expect(tab.ending?.status).toBe('interrupted');
    await sleep(500);
    const { messages } = await onSecond.chat(body.id);
    expect(messages[1]).toEqual(kept);
    expect(messages[3]).toMatchObject({ status: 'complete', content: numbers(5) });
  });
});

/** The length of the lease, and what others take to close a run after it. */
const TAKEN_OVER_MS = 12_000;
const ANSWERS = 8;

/** Each of them waits for most of its time, so both wait at once. */
describe.concurrent.each(['with Redis', 'without Redis'])(
  'fast answers of a server process that freezes, %s',
  (how) => {
    const stage = setStage();
    const random = seededRandom(SEED);

    it(`show nobody, on either process, what the stored answer does not have (seed ${SEED})`, async () => {
      const model = await stage.model();
      const env: Record<string, string> = {
        POSTGRES_URL: await stage.database(),
        OPENAI_BASE_URL: model.baseUrl,
        ...(how === 'with Redis' && { REDIS_URL: (await stage.redis()).url }),
      };
      const first = await stage.app(env);
      const second = await stage.app(env);
      const onFirst = await Person.arrive(first.baseUrl);
      const onSecond = onFirst.at(second.baseUrl);
      await sleep(10_500);

      const answers = await Promise.all(
        Array.from({ length: ANSWERS }, async () => {
          await sleep(random() * 3_000);
          const body = onFirst.message('[[scenario:tokens n=900 rate=60]]');
          const own = await Tab.send(onFirst, body);
          return { body, own, follower: await Tab.open(onSecond, body.id) };
        }),
      );
      await sleep(500 + random() * 3_000);
      process.kill(first.pid(), 'SIGSTOP');
      await Promise.all(answers.map(({ follower }) => follower.toTheEnd(onSecond)));
      await sleep(random() * (15_000 - TAKEN_OVER_MS));
      process.kill(first.pid(), 'SIGCONT');

      for (const { body, own, follower } of answers) {
        expect(await own.over).toBe('ended');
        const kept = (await onSecond.chat(body.id)).messages[1];
        expect(kept?.status).toBe('interrupted');
        for (const tab of [own, follower]) {
          expect(tab.ending?.status).toBe('interrupted');
          expect(tab.text).toBe(kept?.content);
        }
        expectCounted(own.text);
        const late = await Tab.open(onFirst, body.id);
        await late.toTheEnd(onFirst);
        expect(late.text).toBe(kept?.content);
      }
      await eventually(() => expect(model.openAnswers()).toBe(0));
    });
  },
);
