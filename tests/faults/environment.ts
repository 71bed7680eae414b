import { afterAll, afterEach } from 'vitest';
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
  /** The address of a migrated database of its own on the test run's PostgreSQL. */
  database(): Promise<string>;
  /** A PostgreSQL of its own, to stop and to freeze. */
  postgres(): Promise<TestPostgres>;
  redis(): Promise<TestRedis>;
  model(): Promise<ModelServer>;
  app(env: Record<string, string>): Promise<TestApp>;
  /** Has something ended with the file. */
  addCleanup(end: () => unknown): void;
};

/** What a test file starts, and what ends with it, the last first. Call it at the file's top. */
export function setUpEnvironment(): TestEnvironment {
  const cleanups: Array<() => unknown> = [];
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });
  const apps: TestApp[] = [];
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    // What a failure at a random moment leaves behind is all there is to understand it by.
    for (const { port, logs } of apps) process.stderr.write(`\nApp on port ${port}:\n${logs()}\n`);
  });
  async function start<T>(starting: Promise<T>, cleanup: (started: T) => unknown): Promise<T> {
    const started = await starting;
    cleanups.push(() => cleanup(started));
    return started;
  }
  return {
    database: async () => (await start(freshDatabase(), ({ drop }) => drop())).url,
    postgres: () => start(startPostgres(), (server) => server.stop()),
    redis: () => start(startRedis(), (server) => server.stop()),
    model: () => start(startModelServer(), (server) => server.stop()),
    app: async (env) => {
      // What still runs at the end is not worth a grace period.
      const app = await start(startApp({ env: { LOG_LEVEL: 'info', ...env } }), ({ kill9 }) =>
        kill9(),
      );
      apps.push(app);
      return app;
    },
    addCleanup: (cleanup) => void cleanups.push(cleanup),
  };
}
