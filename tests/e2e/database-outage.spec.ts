import { test as base, expect } from '@/tests/support/e2e/fixtures';
import { startPostgres, type TestPostgres } from '@/tests/support/postgres';

/** An app whose database the test can freeze. */
const test = base.extend<{ postgres: TestPostgres }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixture names from it.
  postgres: async ({}, use) => {
    const postgres = await startPostgres();
    await use(postgres);
    await postgres.destroy();
  },
  baseURL: async ({ startApp, postgres }, use) => {
    const app = await startApp({ POSTGRES_URL: postgres.url });
    await use(app.baseUrl);
    await app.stop();
  },
});

// Errors while the server cannot reach its database.
test.use({ allowedErrors: [/50[03]|Minified React error #441/] });

test('a chat that is opened during a database outage reports the outage and opens after it', async ({
  chat,
  page,
  postgres,
}) => {
  await chat.open();
  await chat.sendAndWait('Before it hangs [[scenario:tokens n=12]]');
  const id = await chat.chatId();
  postgres.freeze();
  try {
    await page.goto(`/chat/${id}`, { waitUntil: 'commit' });
    await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible();
    await expect(page.getByText('Your chats are safe on the server')).toBeVisible();
  } finally {
    postgres.thaw();
  }
  await page.getByRole('button', { name: 'Try again' }).click();
  await chat.expectFinishedWithTokens(12);
});
