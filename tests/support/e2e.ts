import { test as base } from '@playwright/test';
import { type AppOptions, startApp, type TestApp } from '@/tests/support/app';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { createDatabase } from '@/tests/support/postgres';

/**
 * What browser tests run against: the built app on a database of its own, and the scripted model
 * server, one of each a worker. Every test is another person: its browser context has no cookies.
 */

type WorkerFixtures = { model: ModelServer; app: TestApp };

type TestFixtures = {
  /**
   * Starts another app on a new database, for tests that kill it or give it another environment
   * (`env` wins over ours). It ends with the test.
   */
  launchApp: (options?: Partial<AppOptions>) => Promise<TestApp>;
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
  app: [
    async ({ model }, use) => {
      const database = await newDatabase();
      const app = await startApp({ env: environment(database.url, model) });
      await use(app);
      await app.stop();
      await database.drop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ app }, use) => use(app.baseUrl),
  launchApp: async ({ model }, use) => {
    const ends: (() => Promise<unknown>)[] = [];
    await use(async (options = {}) => {
      const database = await newDatabase();
      ends.push(() => database.drop());
      const env = { ...environment(database.url, model), ...options.env };
      const app = await startApp({ ...options, env });
      ends.push(() => app.stop());
      return app;
    });
    for (const end of ends.reverse()) await end();
  },
});

export { expect } from '@playwright/test';

function newDatabase() {
  const adminUrl = process.env.E2E_POSTGRES_URL;
  if (!adminUrl) throw new Error('The global set-up has not run.');
  return createDatabase(adminUrl);
}

function environment(databaseUrl: string, model: ModelServer): Record<string, string> {
  return { POSTGRES_URL: databaseUrl, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'warn' };
}
