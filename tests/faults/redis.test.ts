import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { TestRedis } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment } from './environment';
import { expectExactTokens } from './expect-stored';

const TOKENS = 600;

const environment = setUpEnvironment();
let redis: TestRedis;
let model: Awaited<ReturnType<typeof environment.model>>;
let userOnWriter: TestUser;
let userOnOther: TestUser;

beforeAll(async () => {
  redis = await environment.redis();
  model = await environment.model();
  const env = {
    POSTGRES_URL: await environment.database(),
    REDIS_URL: redis.url,
    OPENAI_BASE_URL: model.baseUrl,
  };
  const [writer, other] = [await environment.app(env), await environment.app(env)];
  userOnWriter = await TestUser.createGuest(writer.baseUrl);
  userOnOther = userOnWriter.onServer(other.baseUrl);
});

/** `durationMs: null`: until the answers have ended. */
type RedisFailure = { begin(): unknown; durationMs: number | null; end(): unknown };

const REDIS_FAILURES: Record<string, RedisFailure> = {
  'killed, and restarted empty after 3 s': {
    begin: () => redis.kill(),
    durationMs: 3_000,
    end: () => redis.restart(),
  },
  'restarted, empty': {
    begin: async () => {
      await redis.kill();
      await redis.restart();
    },
    durationMs: 0,
    end: () => {},
  },
  'hanging for 3 s': { begin: () => redis.freeze(), durationMs: 3_000, end: () => redis.thaw() },
  'hanging until the answers end': {
    begin: () => redis.freeze(),
    durationMs: null,
    end: () => redis.thaw(),
  },
};

const sendTokens = (user: TestUser) =>
  Tab.send(user, user.messageBody(`[[scenario:tokens n=${TOKENS} rate=100]]`));

it.each(Object.entries(REDIS_FAILURES))(
  'Redis %s: tabs on the writing process are not affected, and all others receive the complete answer',
  async (_, failure) => {
    const followedTab = await sendTokens(userOnWriter);
    const unfollowedTab = await sendTokens(userOnWriter);
    const earlyFollower = await Tab.open(userOnOther, followedTab.chatId);
    await earlyFollower.waitForText('t100 ');

    await failure.begin();
    const startedMeanwhile = await sendTokens(userOnWriter);
    const lateFollowers = await Promise.all(
      [followedTab, startedMeanwhile].map(({ chatId }) => Tab.open(userOnOther, chatId)),
    );
    const writerTabs = [followedTab, unfollowedTab, startedMeanwhile];
    const followerTabs = [earlyFollower, ...lateFollowers];
    const writerEnds = writerTabs.map(({ connectionEnd }) => connectionEnd);
    const allEnd = Promise.all([
      ...writerEnds,
      ...followerTabs.map((tab) => tab.readToEnd(userOnOther)),
    ]);
    const restored = (failure.durationMs === null ? allEnd : sleep(failure.durationMs)).then(() =>
      failure.end(),
    );
    await allEnd;
    await restored;
    expect(await Promise.all(writerEnds)).toEqual(writerTabs.map(() => 'ended'));
    for (const tab of [...writerTabs, ...followerTabs]) {
      expectExactTokens(tab.text, TOKENS);
      expect(tab.runEnded?.status).toBe('complete');
    }
    for (const { chatId } of writerTabs) {
      const [, storedAnswer] = (await userOnOther.getChat(chatId)).messages;
      expect(storedAnswer?.status).toBe('complete');
      expectExactTokens(storedAnswer?.content, TOKENS);
    }
  },
);

it('Redis is used again after a failure, so that a follower on another process is live and its connection does not time out', async () => {
  const idleTab = await Tab.send(
    userOnWriter,
    userOnWriter.messageBody('[[scenario:tokens n=5 hold=2,3]]'),
  );
  const idleFollower = await Tab.open(userOnOther, idleTab.chatId);
  const sent = await Tab.send(
    userOnWriter,
    userOnWriter.messageBody(`[[scenario:tokens n=${TOKENS} hold=10 rate=100]]`),
  );
  await sent.waitForText('t9 ');
  const follower = await Tab.open(userOnOther, sent.chatId);
  await idleTab.waitForText('t1 ');
  model.release();
  for (const wanted of ['t100 ', 't200 ', 't300 ']) {
    await sent.waitForText(wanted);
    await follower.waitForText(wanted);
  }
  await follower.readToEnd(userOnOther);
  // The follower may receive the end first.
  expect(await sent.connectionEnd).toBe('ended');
  expect(follower.lines).toEqual(sent.lines);
  // The model is idle until both tabs have received a keep-alive.
  for (const tab of [idleTab, idleFollower]) {
    await waitUntil(() => expect(tab.blankLines).toBeGreaterThan(0), 60_000);
  }
  model.release();
  for (const tab of [idleTab, idleFollower]) {
    expect(await tab.connectionEnd).toBe('ended');
    expectExactTokens(tab.text, 5);
  }
});
