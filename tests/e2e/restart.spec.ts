import type { TestApp } from '@/tests/support/app';
import { test as base, expect } from '@/tests/support/e2e';
import { watchTokens } from '@/tests/support/e2e-chat';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';

type Installation = { app: TestApp; postgres: TestPostgres };

/** An app with a database server of its own: both can be killed. */
// biome-ignore lint/complexity/noBannedTypes: no fixtures of a single test
const test = base.extend<{}, { installation: Installation }>({
  installation: [
    async ({ launch }, use) => {
      const postgres = await startPostgres();
      const app = await launch({ POSTGRES_URL: postgres.url });
      await use({ app, postgres });
      await app.stop();
      await postgres.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.use({
  baseURL: async ({ installation }, use) => use(installation.app.baseUrl),
  // Every try of a page to reach a server that is down.
  expectedComplaints: [/net::ERR_/],
});

test('kill -9 of the app and its database loses nothing that was shown', async ({
  chat,
  page,
  installation,
}) => {
  const seen = await watchTokens(page);
  await chat.open();
  await chat.askAndWait('Before the crash [[scenario:tokens n=12]]');
  const finished = await chat.chatId();
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await chat.ask('During the crash [[scenario:tokens n=60 rate=60 hold=40]]');
  await chat.reaches(30);
  const cut = await chat.chatId();
  await killEverything(installation);
  const shown = await chat.tokens();
  await startEverything(installation);

  // The page has found its way back by itself, without a reload.
  await expect(chat.answer.getByRole('alert')).toContainText(/stopped|interrupted/);
  expect((await chat.tokens()).length).toBeGreaterThanOrEqual(shown.length);
  expect(seen.wrong).toEqual([]);

  await chat.open(`/chat/${finished}`);
  await chat.hasExactly(12);
  await expect(chat.link('Before the crash')).toBeVisible();
  await chat.open(`/chat/${cut}`);
  await expect(chat.answer.getByRole('alert')).toContainText(/stopped|interrupted/);
  const kept = await chat.tokens();
  expect(kept.length).toBeGreaterThanOrEqual(shown.length);
  expect(kept).toEqual(kept.map((_, index) => index));
});

test('an answer that a crash cut short is made anew with one click', async ({
  chat,
  installation,
  model,
}) => {
  await chat.open();
  await chat.ask('Cut me short [[scenario:tokens n=60 rate=60 hold=30]]');
  await chat.reaches(20);
  await installation.app.kill9();
  await installation.app.restart();
  await chat.reload();
  await chat.answer.getByRole('button', { name: 'Try again' }).click();
  await chat.holdsExactly(30);
  model.release();
  await chat.hasExactly(60);
  await expect(chat.answers).toHaveCount(1);
  await chat.reload();
  await chat.hasExactly(60);
});

test('while the app is down the page says so quietly, and goes on by itself when it is back', async ({
  chat,
  installation,
}) => {
  await chat.open();
  await chat.ask('Down for a moment [[scenario:tokens n=60 rate=60 hold=30]]');
  await chat.reaches(29);
  await installation.app.kill9();
  await expect(chat.page.getByRole('status').getByText('Reconnecting…')).toBeVisible();
  await expect(chat.alert).toHaveCount(0);
  await chat.holdsExactly(30);
  await installation.app.restart();
  await expect(chat.page.getByText('Reconnecting…')).toHaveCount(0);
  await expect(chat.answer.getByRole('button', { name: 'Try again' })).toBeVisible();
  await chat.ask('And on [[scenario:tokens n=7]]');
  await chat.hasExactly(7);
});

test('a message written while the app is down stays in the box, and can be sent later', async ({
  chat,
  installation,
}) => {
  await chat.open();
  await chat.askAndWait('Hello');
  await installation.app.kill9();
  await chat.ask('Nobody hears me');
  await expect(chat.alert).toContainText('The server cannot be reached.');
  await expect(chat.field).toHaveValue('Nobody hears me');
  await expect(chat.questions).toHaveCount(1);
  await installation.app.restart();
  await chat.field.press('Enter');
  await expect(chat.answer).toContainText('You said: Nobody hears me');
  await expect(chat.questions).toHaveCount(2);
});

/** In the order of a power cut: nobody has time to put anything in order. */
async function killEverything({ app, postgres }: Installation): Promise<void> {
  process.kill(postgres.pid(), 'SIGKILL');
  await app.kill9();
}

async function startEverything({ app, postgres }: Installation): Promise<void> {
  await postgres.resume();
  await app.restart();
}
