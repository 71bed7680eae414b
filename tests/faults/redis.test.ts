import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { eventually, Person } from '@/tests/integration/api/person';
import type { TestRedis } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { expectExactly } from './kept';
import { setStage } from './stage';

const TOKENS = 600;

const stage = setStage();
let redis: TestRedis;
let model: Awaited<ReturnType<typeof stage.model>>;
let onWriter: Person;
let elsewhere: Person;

beforeAll(async () => {
  redis = await stage.redis();
  model = await stage.model();
  const env = {
    POSTGRES_URL: await stage.database(),
    REDIS_URL: redis.url,
    OPENAI_BASE_URL: model.baseUrl,
  };
  const [writer, other] = [await stage.app(env), await stage.app(env)];
  onWriter = await Person.arrive(writer.baseUrl);
  elsewhere = onWriter.at(other.baseUrl);
});

/** `lastsMs: null`: until the answers are over. */
type Trouble = { begin(): unknown; lastsMs: number | null; end(): unknown };

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
    lastsMs: null,
    end: () => redis.thaw(),
  },
};

const ask = (person: Person) =>
  Tab.send(person, person.message(`[[scenario:tokens n=${TOKENS} rate=100]]`));

it.each(Object.entries(TROUBLES))(
  'Redis %s: nobody on the writing process notices, and everybody else has every word in the end',
  async (_, trouble) => {
    const followed = await ask(onWriter);
    const alone = await ask(onWriter);
    const early = await Tab.open(elsewhere, followed.chatId);
    await early.until('t100 ');

    await trouble.begin();
    const startedMeanwhile = await ask(onWriter);
    const late = await Promise.all(
      [followed, startedMeanwhile].map(({ chatId }) => Tab.open(elsewhere, chatId)),
    );
    const own = [followed, alone, startedMeanwhile];
    const others = [early, ...late];
    const ownEnds = own.map(({ over }) => over);
    const allEnd = Promise.all([...ownEnds, ...others.map((tab) => tab.toTheEnd(elsewhere))]);
    const restored = (trouble.lastsMs === null ? allEnd : sleep(trouble.lastsMs)).then(() =>
      trouble.end(),
    );
    await allEnd;
    await restored;
    expect(await Promise.all(ownEnds)).toEqual(own.map(() => 'ended'));
    for (const tab of [...own, ...others]) {
      expectExactly(tab.text, TOKENS);
      expect(tab.ending?.status).toBe('complete');
    }
    for (const { chatId } of own) {
      const [, kept] = (await elsewhere.chat(chatId)).messages;
      expect(kept?.status).toBe('complete');
      expectExactly(kept?.content, TOKENS);
    }
  },
);

it('Redis back again is used again: a follower elsewhere is live, and is kept from falling silent', async () => {
  const silent = await Tab.send(onWriter, onWriter.message('[[scenario:tokens n=5 hold=2]]'));
  const patient = await Tab.open(elsewhere, silent.chatId);
  const sent = await ask(onWriter);
  const follower = await Tab.open(elsewhere, sent.chatId);
  for (const wanted of ['t100 ', 't200 ', 't300 ']) {
    await sent.until(wanted);
    await follower.until(wanted);
  }
  await follower.toTheEnd(elsewhere);
  expect(follower.lines).toEqual(sent.lines);
  // The model says nothing until both have had a sign of life.
  for (const tab of [silent, patient]) {
    await eventually(() => expect(tab.blankLines).toBeGreaterThan(0), 30_000);
  }
  model.release();
  for (const tab of [silent, patient]) {
    expect(await tab.over).toBe('ended');
    expectExactly(tab.text, 5);
  }
});
