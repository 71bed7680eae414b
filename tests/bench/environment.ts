/** The servers of a benchmark: real ones; apps, databases and Redis are started on request. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AppOptions, startApp, type TestApp } from '@/tests/support/app';
import {
  createDatabase,
  prepareTemplate,
  startPostgres,
  type TestPostgres,
} from '@/tests/support/postgres';
import { startRedis } from '@/tests/support/redis';
import { type Model, startModel } from './model';
import { profilingEnvironment } from './profile';

export type BenchEnvironment = {
  model: Model;
  postgres: TestPostgres;
  /** Creates an empty database and returns its URL. */
  database(): Promise<string>;
  /** Starts an app on this database. It stops at `clear` or `close`. */
  app(databaseUrl: string, env?: Record<string, string>): Promise<TestApp>;
  /** Starts an empty Redis and returns its URL. */
  redis(): Promise<string>;
  /** Stops all apps and Redis servers, so that the next benchmark has the machine to itself. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

export async function startBenchEnvironment(): Promise<BenchEnvironment> {
  // Durable as in production: a commit waits for the disk.
  const postgres = await startPostgres({ durable: true });
  await prepareTemplate(postgres);
  const model = await startModel();
  const apps: TestApp[] = [];
  const redisServers: Array<{ stop(): Promise<void> }> = [];

  async function clear(): Promise<void> {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await Promise.all(redisServers.splice(0).map((redis) => redis.stop()));
  }

  return {
    model,
    postgres,
    database: async () => (await createDatabase(postgres.urlOf('postgres'))).url,
    async app(databaseUrl, env = {}) {
      const options: AppOptions = {
        env: {
          POSTGRES_URL: databaseUrl,
          OPENAI_BASE_URL: model.baseUrl,
          LOG_LEVEL: 'warn',
          ...profilingEnvironment(),
          ...env,
        },
      };
      const app = await startApp(options);
      apps.push(app);
      // Work of a process right after its start must not count.
      await sleep(500);
      return app;
    },
    async redis() {
      const redis = await startRedis();
      redisServers.push(redis);
      return redis.url;
    },
    clear,
    async close() {
      await clear();
      await model.stop();
      await postgres.destroy();
    },
  };
}
