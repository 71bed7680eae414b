import { afterAll, beforeAll } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp, type TestApp } from '@/tests/support/services';
import { Person } from './person';

type Installation = {
  database: { url: string };
  model: ModelServer;
  app: TestApp;
  person: Person;
};

/**
 * The built app on a database of its own, with the scripted model server and one guest; all of it
 * ends with the test file. What it gives is filled in before the first test.
 * @param env for the app, besides the database and the endpoint
 */
export function installation(env: () => Record<string, string> = () => ({})): Installation {
  const made = {} as Installation;
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
    Object.assign(made, { database, model, app, person: await Person.arrive(app.baseUrl) });
  });
  afterAll(async () => {
    await made.app?.stop();
    await made.model?.stop();
    await drop?.();
  });
  return made;
}
