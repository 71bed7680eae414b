import type { TestApp } from '@/tests/support/app';
import { test as base, expect, newDatabase } from '@/tests/support/e2e';
import { watchTokens } from '@/tests/support/e2e-chat';
import { startRedis } from '@/tests/support/redis';

/** Two processes of one installation; the app of the other tests is one process without Redis. */
type Installation = { first: TestApp; second: TestApp };

// biome-ignore lint/complexity/noBannedTypes: no fixtures of a single test
const test = base.extend<{}, { withRedis: Installation }>({
  withRedis: [
    async ({ launch }, use) => {
      const redis = await startRedis();
      const database = await newDatabase();
      const env = { POSTGRES_URL: database.url, REDIS_URL: redis.url };
      const [first, second] = await Promise.all([launch(env), launch(env)]);
      await use({ first, second });
      await Promise.all([first.stop(), second.stop()]);
      await redis.stop();
      await database.drop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

for (const how of ['without Redis', 'through Redis']) {
  test.describe(how, () => {
    if (how === 'through Redis') {
      test.use({ baseURL: async ({ withRedis }, use) => use(withRedis.first.baseUrl) });
    }

    test('a reload in the middle of an answer shows all of it once, and goes on live', async ({
      chat,
      page,
      model,
    }) => {
      const seen = await watchTokens(page);
      await chat.open();
      await chat.ask('Reload me [[scenario:tokens n=120 rate=60 hold=40,80]]');
      await chat.reaches(39);
      await chat.reload();
      await chat.holdsExactly(40);
      await expect(chat.stopButton).toBeVisible();
      model.release();
      await chat.holdsExactly(80);
      model.release();
      await chat.hasExactly(120);
      expect(seen.wrong).toEqual([]);
      await chat.reload();
      await chat.hasExactly(120);
    });

    test('so does a reload while tokens come in, and one before the last has shown anything', async ({
      chat,
      page,
      model,
    }) => {
      const seen = await watchTokens(page);
      await chat.open();
      await chat.ask('Reload me often [[scenario:tokens n=260 rate=40 hold=250]]');
      await chat.reaches(10);
      await page.reload();
      await chat.reaches(60);
      await page.reload({ waitUntil: 'commit' });
      // In the moment after a commit Chromium may refuse: the page is not the active one yet.
      await expect(() => page.reload()).toPass();
      await chat.holdsExactly(250);
      model.release();
      await chat.hasExactly(260);
      expect(seen.wrong).toEqual([]);
    });

    test('a reload just before the end shows the whole answer', async ({ chat, page, model }) => {
      const seen = await watchTokens(page);
      await chat.open();
      await chat.ask('Nearly done [[scenario:tokens n=60 hold=59]]');
      await chat.reaches(58);
      // The end comes while the page loads.
      await Promise.all([page.reload(), model.release()]);
      await chat.hasExactly(60);
      expect(seen.wrong).toEqual([]);
    });

    test('a reload before the first token waits for it', async ({ chat, page, model }) => {
      await chat.open();
      await chat.ask('Slow to begin [[scenario:tokens n=30 hold=0]]');
      await chat.chatId();
      await page.reload();
      await expect(page.getByRole('status', { name: 'Waiting for the answer' })).toBeVisible();
      model.release();
      await chat.hasExactly(30);
      await expect(chat.questions).toHaveCount(1);
    });

    test('a second tab shows the same text once, live, and both have all of it', async ({
      chat,
      openTab,
      model,
    }) => {
      const other = await openTab();
      const seen = await watchTokens(other.page);
      await chat.open();
      await chat.ask('Two tabs [[scenario:tokens n=120 rate=60 hold=40,80]]');
      await chat.reaches(39);
      await other.open(new URL(chat.page.url()).pathname);
      await other.holdsExactly(40);
      await expect(other.stopButton).toBeVisible();
      model.release();
      await other.holdsExactly(80);
      model.release();
      await Promise.all([chat.hasExactly(120), other.hasExactly(120)]);
      expect(seen.wrong).toEqual([]);
    });
  });
}

test('a tab at another server process shows the same answer live, and can stop it', async ({
  chat,
  openTab,
  withRedis,
  model,
}) => {
  const other = await openTab();
  const seen = await watchTokens(other.page);
  await chat.open(withRedis.first.baseUrl);
  await chat.ask('Two servers [[scenario:tokens n=6000 rate=60 hold=40,80]]');
  await chat.reaches(39);
  await other.open(`${withRedis.second.baseUrl}/chat/${await chat.chatId()}`);
  await other.holdsExactly(40);
  model.release();
  await other.holdsExactly(80);
  model.release();
  await other.reaches(120);
  expect(seen.wrong).toEqual([]);
  await other.stopButton.click();
  await Promise.all([chat.finished(), other.finished()]);
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.tokens()).toEqual(await other.tokens());
});
