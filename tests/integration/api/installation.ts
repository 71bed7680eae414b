import { afterAll, beforeAll } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp, type TestApp } from '@/tests/support/services';
import { TestUser } from '@/tests/support/test-user';

type Installation = {
  database: { url: string };
  model: ModelServer;
  app: TestApp;
  user: TestUser;
};

/**
 * The built app on a database of its own, with the scripted model server and one guest; all of it
 * ends with the test file. What it gives is filled in before the first test.
 * @param env for the app, besides the database and the endpoint
 */
export function setUpInstallation(env: () => Record<string, string> = () => ({})): Installation {
  const installation = {} as Installation;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    const model = await startModelServer();
    const app = await startApp({
      env: {
        POSTGRES_URL: database.url,
        OPENAI_BASE_URL: model.baseUrl,
        LOG_LEVEL: 'error',
        ...env(),
      },
    });
    Object.assign(installation, {
      database,
      model,
      app,
      person: await TestUser.createGuest(app.baseUrl),
    });
  });
  afterAll(async () => {
    await installation.app?.stop();
    await installation.model?.stop();
    await drop?.();
  });
  return installation;
}
