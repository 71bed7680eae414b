import { afterAll, afterEach } from 'vitest';
import { createCleanups } from '@/tests/support/cleanups';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import {
  freshDatabase,
  startApp,
  startPostgres,
  startRedis,
  type TestApp,
  type TestPostgres,
  type TestRedis,
} from '@/tests/support/services';

export type TestEnvironment = {
  /** Creates a migrated database on the test run's PostgreSQL and returns its URL. */
  database(): Promise<string>;
  /** Starts a separate PostgreSQL server, for tests that stop or freeze it. */
  postgres(): Promise<TestPostgres>;
  redis(): Promise<TestRedis>;
  model(): Promise<ModelServer>;
  app(env: Record<string, string>): Promise<TestApp>;
  /** Registers a cleanup that runs after the tests of the file. */
  addCleanup(cleanup: () => unknown): void;
};

/**
 * Starts services for a test file and stops them after its tests, the last one first. Call it at
 * the top of the file or of a describe.
 */
export function setUpEnvironment(): TestEnvironment {
  const cleanups = createCleanups();
  afterAll(async () => {
    await cleanups.run();
  });
  const apps: TestApp[] = [];
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    // A failure at a random moment can only be diagnosed from the logs.
    for (const { port, logs } of apps) process.stderr.write(`\nApp on port ${port}:\n${logs()}\n`);
  });
  async function start<T>(starting: Promise<T>, cleanup: (started: T) => unknown): Promise<T> {
    const started = await starting;
    cleanups.add(() => cleanup(started));
    return started;
  }
  return {
    database: async () => (await start(freshDatabase(), ({ drop }) => drop())).url,
    postgres: () => start(startPostgres(), (server) => server.destroy()),
    redis: () => start(startRedis(), (server) => server.stop()),
    model: () => start(startModelServer(), (server) => server.stop()),
    app: async (env) => {
      // Apps that still run at the end are killed: they need no grace period.
      const app = await start(startApp({ env: { LOG_LEVEL: 'info', ...env } }), ({ kill9 }) =>
        kill9(),
      );
      apps.push(app);
      return app;
    },
    addCleanup: cleanups.add,
  };
}
