import { test as base, type Page } from '@playwright/test';
import { startApp, type TestApp } from '@/tests/support/app';
import { ChatPage } from '@/tests/support/e2e/chat-page';
import { PageMonitor } from '@/tests/support/e2e/page-monitor';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { createDatabase } from '@/tests/support/postgres';

/**
 * What browser tests run against: the built app on a database of its own, and the scripted model
 * server, one of each a worker. Every test is another person: its browser context has no cookies.
 */

type Database = Awaited<ReturnType<typeof createDatabase>>;

type WorkerFixtures = {
  model: ModelServer;
  /** Starts an app at the scripted model; whoever starts it ends it. */
  startApp: (env: Record<string, string>) => Promise<TestApp>;
  /** The database of `app`. */
  database: Database;
  app: TestApp;
};

type TestFixtures = {
  /** What pages may complain about in all tests of a file. */
  allowedErrors: RegExp[];
  /** Fails the test if a page complains or loads anything from elsewhere. */
  monitor: PageMonitor;
  /** The test's page. */
  chat: ChatPage;
  /** Another tab of the same person. */
  openTab: () => Promise<ChatPage>;
  /** A browser of its own: somebody else, or the same person's other device. */
  openContext: (baseURL?: string) => Promise<ChatPage>;
  /** Starts an app on a new database, with another environment. It ends with the test. */
  startFreshApp: (env: Record<string, string>) => Promise<TestApp>;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures off the pattern.
    async ({}, use) => {
      const model = await startModelServer();
      await use(model);
      await model.stop();
    },
    { scope: 'worker' },
  ],
  launch: [
    async ({ model }, use) => {
      await use((env) =>
        startApp({ env: { OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'warn', ...env } }),
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
  expectedComplaints: [[], { option: true }],
  watch: [
    async ({ context, allowedErrors }, use) => {
      const monitor = new PageMonitor(allowedErrors);
      monitor.observe(context);
      await use(monitor);
      monitor.assertNoErrors();
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
    const cleanups: (() => Promise<unknown>)[] = [];
    await use(async (env) => {
      const database = await newDatabase();
      cleanups.push(() => database.drop());
      const app = await startApp({ POSTGRES_URL: database.url, ...env });
      cleanups.push(() => app.stop());
      return app;
    });
    monitor.stop();
    for (const cleanup of cleanups.reverse()) await cleanup();
  },
});

export { expect } from '@playwright/test';

/** A migrated, empty database, for apps that share one. The caller drops it. */
export function newDatabase(): Promise<Database> {
  const adminUrl = process.env.E2E_POSTGRES_URL;
  if (!adminUrl) throw new Error('The global set-up has not run.');
  return createDatabase(adminUrl);
}
