import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { Person } from '@/tests/integration/api/person';
import type { TestRedis } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { expectExactly } from './kept';
import { setStage } from './stage';

/** The longest that a reader may wait for the next word, on a busy machine; troubles last longer. */
const NOTICED_MS = 1_000;
const TOKENS = 600;

const stage = setStage();
let redis: TestRedis;
let onWriter: Person;
let elsewhere: Person;

beforeAll(async () => {
  redis = await stage.redis();
  const env = {
    POSTGRES_URL: await stage.database(),
    REDIS_URL: redis.url,
    OPENAI_BASE_URL: (await stage.model()).baseUrl,
  };
  const [writer, other] = [await stage.app(env), await stage.app(env)];
  onWriter = await Person.arrive(writer.baseUrl);
  elsewhere = onWriter.at(other.baseUrl);
});

type Trouble = { begin(): unknown; lastsMs: number; end(): unknown };

const TROUBLES: Record<string, Trouble> = {
  'killed, and back, empty, 3 s later': {
    begin: () => redis.kill(),
    lastsMs: 3_000,
    end: () => redis.resume(),
  },
  'restarted, empty': {
    begin: async () => {
      await redis.kill();
      await redis.resume();
    },
    lastsMs: 0,
    end: () => {},
  },
  'hanging for 3 s': { begin: () => redis.freeze(), lastsMs: 3_000, end: () => redis.thaw() },
  'hanging until the answers are over': {
    begin: () => redis.freeze(),
    lastsMs: 10_000,
    end: () => redis.thaw(),
  },
};

const ask = (person: Person) =>
  Tab.send(person, person.message(`[[scenario:tokens n=${TOKENS} rate=100]]`));

const lastArrival = (tab: Tab) => tab.arrivals.at(-1) ?? Number.NaN;

it.each(Object.entries(TROUBLES))(
  'Redis %s: nobody on the writing process notices, and everybody else has every word in the end',
  async (_, trouble) => {
    const followed = await ask(onWriter);
    const alone = await ask(onWriter);
    const early = await Tab.open(elsewhere, followed.chatId);
    await early.until('t100 ');

    const began = Date.now();
    await trouble.begin();
    const startedMeanwhile = await ask(onWriter);
    const late = await Promise.all(
      [followed, startedMeanwhile].map(({ chatId }) => Tab.open(elsewhere, chatId)),
    );
    const restored = sleep(trouble.lastsMs).then(() => trouble.end());

    const own = [followed, alone, startedMeanwhile];
    for (const tab of own) {
      expect(await tab.over).toBe('ended');
      expectExactly(tab.text, TOKENS);
      const first = Math.max(began, tab.arrivals[0] as number);
      expect(tab.longestSilence(first, lastArrival(tab))).toBeLessThan(NOTICED_MS);
    }
    const lastWordAt = Math.max(...own.map(lastArrival));
    for (const tab of [early, ...late]) {
      await tab.toTheEnd(elsewhere, 10_000);
      expectExactly(tab.text, TOKENS);
      expect(tab.ending?.status).toBe('complete');
      // Whether Redis is back by then or not.
      expect(lastArrival(tab) - lastWordAt).toBeLessThan(3_000);
    }
    await restored;
    for (const { chatId } of own) {
      const [, kept] = (await elsewhere.chat(chatId)).messages;
      expect(kept?.status).toBe('complete');
      expectExactly(kept?.content, TOKENS);
    }
  },
);

it('Redis back again is used again: a follower elsewhere is live, and is kept from falling silent', async () => {
  const silent = await Tab.send(onWriter, onWriter.message('[[scenario:tokens n=5 delay=12000]]'));
  const patient = await Tab.open(elsewhere, silent.chatId);
  const sent = await ask(onWriter);
  const follower = await Tab.open(elsewhere, sent.chatId);
  for (const wanted of ['t100 ', 't200 ', 't300 ']) {
    await sent.until(wanted);
    await follower.until(wanted, 1_500);
  }
  await follower.toTheEnd(elsewhere);
  expect(follower.lines).toEqual(sent.lines);
  for (const tab of [silent, patient]) {
    expect(await tab.over).toBe('ended');
    // A page gives a connection up after 25 s: blank lines come every 10.
    const first = tab.arrivals[0] as number;
    expect(tab.longestSilence(first, lastArrival(tab))).toBeLessThan(11_500);
    expectExactly(tab.text, 5);
  }
});
