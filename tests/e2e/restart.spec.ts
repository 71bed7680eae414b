import type { TestApp } from '@/tests/support/app';
import { observeTokens } from '@/tests/support/e2e/chat-page';
import { test as base, expect } from '@/tests/support/e2e/fixtures';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';

type Installation = { app: TestApp; postgres: TestPostgres };

/** An app with its own database server: tests can kill both. */
// biome-ignore lint/complexity/noBannedTypes: no fixtures of a single test
const test = base.extend<{}, { installation: Installation }>({
  installation: [
    async ({ startApp }, use) => {
      const postgres = await startPostgres();
      const app = await startApp({ POSTGRES_URL: postgres.url, LOG_LEVEL: 'info' });
      await use({ app, postgres });
      await app.stop();
      await postgres.destroy();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.use({
  baseURL: async ({ installation }, use) => use(installation.app.baseUrl),
  // The page's retries while the server is down.
  allowedErrors: [/net::ERR_/],
});

test('kill -9 of the app and its database loses nothing that was displayed', async ({
  chat,
  page,
  installation,
}) => {
  const observed = await observeTokens(page);
  await chat.open();
  await chat.sendAndWait('Before the crash [[scenario:tokens n=12]]');
  const finishedChatId = await chat.chatId();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await chat.sendMessage('During the crash [[scenario:tokens n=60 rate=60 hold=40]]');
  await chat.waitForToken(39);
  const interruptedChatId = await chat.chatId();
  await waitUntilFramesSaved(installation.app);
  await killAppAndDatabase(installation);
  const displayedTokens = await chat.displayedTokens();
  await restartAppAndDatabase(installation);

  // The page has reconnected automatically, without a reload.
  await expect(chat.answer.getByRole('alert')).toContainText(/stopped|interrupted/);
  expect((await chat.displayedTokens()).length).toBeGreaterThanOrEqual(displayedTokens.length);
  expect(observed.invalidTexts).toEqual([]);

  await chat.open(`/chat/${finishedChatId}`);
  await chat.expectFinishedWithTokens(12);
  await expect(chat.chatLink('Before the crash')).toBeVisible();
  await chat.open(`/chat/${interruptedChatId}`);
  await expect(chat.answer.getByRole('alert')).toContainText(/stopped|interrupted/);
  const storedTokens = await chat.displayedTokens();
  expect(storedTokens.length).toBeGreaterThanOrEqual(displayedTokens.length);
  expect(storedTokens).toEqual(storedTokens.map((_, index) => index));
});

test('an answer that a crash interrupted is regenerated with one click', async ({
  chat,
  installation,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('Cut me short [[scenario:tokens n=60 rate=60 hold=30]]');
  await chat.waitForToken(20);
  await installation.app.kill9();
  await installation.app.restart();
  await chat.reload();
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.expectTokens(30);
  model.release();
  await chat.expectFinishedWithTokens(60);
  await expect(chat.answers).toHaveCount(1);
  await chat.reload();
  await chat.expectFinishedWithTokens(60);
});

test('the page says unobtrusively that the app is down and continues automatically when it is back', async ({
  chat,
  installation,
}) => {
  await chat.open();
  await chat.sendMessage('Down for a moment [[scenario:tokens n=60 rate=60 hold=30]]');
  await chat.waitForToken(29);
  await installation.app.kill9();
  await expect(chat.page.getByRole('status').getByText('Reconnecting…')).toBeVisible();
  await expect(chat.alert).toHaveCount(0);
  await chat.expectTokens(30);
  await installation.app.restart();
  await expect(chat.page.getByText('Reconnecting…')).toHaveCount(0);
  await expect(chat.answer.getByRole('button', { name: 'Try again' })).toBeVisible();
  await chat.sendMessage('And on [[scenario:tokens n=7]]');
  await chat.expectFinishedWithTokens(7);
});

test('a message written while the app is down stays in the box and can be sent later', async ({
  chat,
  installation,
}) => {
  await chat.open();
  await chat.sendAndWait('Hello');
  await installation.app.kill9();
  await chat.sendMessage('Sent during the outage');
  await expect(chat.alert).toContainText('Couldn’t reach the server.');
  await expect(chat.messageBox).toHaveValue('Sent during the outage');
  await expect(chat.userMessages).toHaveCount(1);
  await installation.app.restart();
  await chat.messageBox.press('Enter');
  await expect(chat.answer).toContainText('You said: Sent during the outage');
  await expect(chat.userMessages).toHaveCount(2);
});

/** Kills the database first, as in a power failure: the app cannot save anything more. */
async function killAppAndDatabase({ app, postgres }: Installation): Promise<void> {
  process.kill(postgres.pid(), 'SIGKILL');
  await app.kill9();
}

async function restartAppAndDatabase({ app, postgres }: Installation): Promise<void> {
  await postgres.restart();
  await app.restart();
}
