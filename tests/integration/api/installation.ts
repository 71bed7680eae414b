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
 * Starts the built app with its own database, the scripted model server and one guest before the
 * tests of a file, and stops them afterwards. The returned object is filled before the first test.
 * @param env environment of the app in addition to the database and the endpoint
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
      user: await TestUser.createGuest(app.baseUrl),
    });
  });
  afterAll(async () => {
    await installation.app?.stop();
    await installation.model?.stop();
    await drop?.();
  });
  return installation;
}
