/** What a benchmark runs on: real servers, started when they are first asked for. */
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
  /** A new, empty database. */
  database(): Promise<string>;
  /** An app on this database. It ends with the stage at the latest. */
  app(databaseUrl: string, env?: Record<string, string>): Promise<TestApp>;
  /** An empty Redis of its own. */
  redis(): Promise<string>;
  /** Ends the apps that run, so that the next measure has the machine to itself. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

export async function startBenchEnvironment(): Promise<BenchEnvironment> {
  // As in production: a commit waits for the disk.
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
      // What a process does just after its start is no part of any answer.
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
      await postgres.stop();
    },
  };
}
