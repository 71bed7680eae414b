import { test as base, type Page } from '@playwright/test';
import { startApp as startAppProcess, type TestApp } from '@/tests/support/app';
import { createCleanups } from '@/tests/support/cleanups';
import { ChatPage } from '@/tests/support/e2e/chat-page';
import { PageMonitor } from '@/tests/support/e2e/page-monitor';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { createDatabase } from '@/tests/support/postgres';

/**
 * Fixtures of the browser tests: the built app on its own database and the scripted model server,
 * one of each per worker. Every test is another user: its browser context has no cookies.
 */

type Database = Awaited<ReturnType<typeof createDatabase>>;

type WorkerFixtures = {
  model: ModelServer;
  /** Starts an app that uses the scripted model. The caller stops it. */
  startApp: (env: Record<string, string>) => Promise<TestApp>;
  /** The database of `app`. */
  database: Database;
  app: TestApp;
};

type TestFixtures = {
  /** Page errors that all tests of a file allow. */
  allowedErrors: RegExp[];
  /** Fails the test if a page reports an error or sends a request to another host. */
  monitor: PageMonitor;
  /** Resets the scenario of the model server, which the next tests share. */
  modelReset: undefined;
  /** The test's page. */
  chat: ChatPage;
  /** Opens another tab of the same user. */
  openTab: () => Promise<ChatPage>;
  /** Opens a separate browser context: another user, or another device of the same user. */
  openContext: (baseURL?: string) => Promise<ChatPage>;
  /** Starts an app on a new database with another environment. It stops after the test. */
  startFreshApp: (env: Record<string, string>) => Promise<TestApp>;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixture names from it.
    async ({}, use) => {
      const model = await startModelServer();
      await use(model);
      await model.stop();
    },
    { scope: 'worker' },
  ],
  startApp: [
    async ({ model }, use) => {
      await use((env) =>
        startAppProcess({ env: { OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'warn', ...env } }),
      );
    },
    { scope: 'worker' },
  ],
  database: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const database = await newDatabase();
      await use(database);
      await database.drop();
    },
    { scope: 'worker' },
  ],
  app: [
    async ({ startApp, database }, use) => {
      const app = await startApp({ POSTGRES_URL: database.url });
      await use(app);
      await app.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ app }, use) => use(app.baseUrl),
  allowedErrors: [[], { option: true }],
  monitor: [
    async ({ context, allowedErrors }, use) => {
      const monitor = new PageMonitor(allowedErrors);
      monitor.observe(context);
      await use(monitor);
      monitor.assertNoErrors();
    },
    { auto: true },
  ],
  modelReset: [
    async ({ model }, use) => {
      await use(undefined);
      model.setScenario(null);
    },
    { auto: true },
  ],
  chat: async ({ page }, use) => use(new ChatPage(page)),
  openTab: async ({ context }, use) => use(async () => new ChatPage(await context.newPage())),
  openContext: async ({ browser, baseURL, monitor }, use) => {
    const pages: Page[] = [];
    await use(async (contextBaseURL = baseURL) => {
      const context = await browser.newContext({ baseURL: contextBaseURL });
      monitor.observe(context);
      const page = await context.newPage();
      pages.push(page);
      return new ChatPage(page);
    });
    for (const page of pages) await page.context().close();
  },
  startFreshApp: async ({ startApp, monitor }, use) => {
    const cleanups = createCleanups();
    await use(async (env) => {
      const database = await newDatabase();
      cleanups.add(() => database.drop());
      const app = await startApp({ POSTGRES_URL: database.url, ...env });
      cleanups.add(() => app.stop());
      return app;
    });
    monitor.stop();
    await cleanups.run();
  },
});

export { expect } from '@playwright/test';

/** Creates a migrated, empty database, for apps that share one. The caller drops it. */
export function newDatabase(): Promise<Database> {
  const adminUrl = process.env.E2E_POSTGRES_URL;
  if (!adminUrl) throw new Error('The global set-up has not run.');
  return createDatabase(adminUrl);
}
