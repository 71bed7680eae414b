import type { TestApp } from '@/tests/support/app';
import { observeTokens } from '@/tests/support/e2e/chat-page';
import { test as base, expect, newDatabase } from '@/tests/support/e2e/fixtures';
import { startRedis } from '@/tests/support/redis';

/** Two processes of one installation; the app of the other tests is one process without Redis. */
type Installation = { first: TestApp; second: TestApp };

// biome-ignore lint/complexity/noBannedTypes: no fixtures of a single test
const test = base.extend<{}, { installationWithRedis: Installation }>({
  installationWithRedis: [
    async ({ startApp }, use) => {
      const redis = await startRedis();
      const database = await newDatabase();
      const env = { POSTGRES_URL: database.url, REDIS_URL: redis.url };
      const [first, second] = await Promise.all([startApp(env), startApp(env)]);
      await use({ first, second });
      await Promise.all([first.stop(), second.stop()]);
      await redis.stop();
      await database.drop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

for (const transport of ['without Redis', 'through Redis']) {
  test.describe(transport, () => {
    if (transport === 'through Redis') {
      test.use({
        baseURL: async ({ installationWithRedis }, use) => use(installationWithRedis.first.baseUrl),
      });
    }

    test('a reload during an answer shows all of it once and continues live', async ({
      chat,
      page,
      model,
    }) => {
      const observed = await observeTokens(page);
      await chat.open();
      await chat.sendMessage('Reload me [[scenario:tokens n=120 rate=60 hold=40,80]]');
      await chat.waitForToken(39);
      await chat.reload();
      await chat.expectTokens(40);
      await expect(chat.stopButton).toBeVisible();
      model.release();
      await chat.expectTokens(80);
      model.release();
      await chat.expectFinishedWithTokens(120);
      expect(observed.invalidTexts).toEqual([]);
      await chat.reload();
      await chat.expectFinishedWithTokens(120);
    });

    test('repeated reloads during an answer show all of it once, also when one follows before the page has loaded', async ({
      chat,
      page,
      model,
    }) => {
      const observed = await observeTokens(page);
      await chat.open();
      await chat.sendMessage('Reload me often [[scenario:tokens n=260 rate=40 hold=250]]');
      await chat.waitForToken(10);
      await page.reload();
      await chat.waitForToken(60);
      await page.reload({ waitUntil: 'commit' });
      // Just after a commit Chromium may reject a reload: the page is not active yet.
      await expect(() => page.reload()).toPass();
      await chat.expectTokens(250);
      model.release();
      await chat.expectFinishedWithTokens(260);
      expect(observed.invalidTexts).toEqual([]);
    });

    test('a reload just before the end shows the complete answer', async ({
      chat,
      page,
      model,
    }) => {
      const observed = await observeTokens(page);
      await chat.open();
      await chat.sendMessage('Nearly done [[scenario:tokens n=60 hold=59]]');
      await chat.waitForToken(58);
      // The answer ends while the page loads.
      await Promise.all([page.reload(), model.release()]);
      await chat.expectFinishedWithTokens(60);
      expect(observed.invalidTexts).toEqual([]);
    });

    test('a reload before the first token waits for it', async ({ chat, page, model }) => {
      await chat.open();
      await chat.sendMessage('Slow to begin [[scenario:tokens n=30 hold=0]]');
      await chat.chatId();
      await page.reload();
      await expect(page.getByRole('status', { name: 'Waiting for the answer' })).toBeVisible();
      model.release();
      await chat.expectFinishedWithTokens(30);
      await expect(chat.userMessages).toHaveCount(1);
    });

    test('a second tab shows the same text live, and both tabs have all of it exactly once', async ({
      chat,
      openTab,
      model,
    }) => {
      const other = await openTab();
      const observed = await observeTokens(other.page);
      await chat.open();
      await chat.sendMessage('Two tabs [[scenario:tokens n=120 rate=60 hold=40,80]]');
      await chat.waitForToken(39);
      await other.open(new URL(chat.page.url()).pathname);
      await other.expectTokens(40);
      await expect(other.stopButton).toBeVisible();
      model.release();
      await other.expectTokens(80);
      model.release();
      await Promise.all([chat.expectFinishedWithTokens(120), other.expectFinishedWithTokens(120)]);
      expect(observed.invalidTexts).toEqual([]);
    });
  });
}

test('a tab on another server process shows the same answer live and can stop it', async ({
  chat,
  openTab,
  installationWithRedis,
  model,
}) => {
  const other = await openTab();
  const observed = await observeTokens(other.page);
  await chat.open(installationWithRedis.first.baseUrl);
  await chat.sendMessage('Two servers [[scenario:tokens n=6000 rate=60 hold=40,80]]');
  await chat.waitForToken(39);
  await other.open(`${installationWithRedis.second.baseUrl}/chat/${await chat.chatId()}`);
  await other.expectTokens(40);
  model.release();
  await other.expectTokens(80);
  model.release();
  await other.waitForToken(120);
  expect(observed.invalidTexts).toEqual([]);
  await other.stopButton.click();
  await Promise.all([chat.waitUntilFinished(), other.waitUntilFinished()]);
  await expect(chat.answer).toContainText('Stopped');
  expect(await chat.displayedTokens()).toEqual(await other.displayedTokens());
});
