import { generateText } from 'ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listModels, resolveModel } from '@/lib/server/models';
import { kamiwazaModel } from '@/lib/server/models/kamiwaza-model';
import { MODEL_ID, type ModelServer, startModelServer } from '@/tests/support/model-server';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
  // Before the configuration is first read, which happens once per process.
  Object.assign(process.env, {
    POSTGRES_URL: 'postgres://throughline@127.0.0.1:1/unused',
    OPENAI_BASE_URL: server.baseUrl.replace(/\/v1$/, ''),
    OPENAI_API_KEY: 'a-key',
    KAMIWAZA_HOST: '127.0.0.1',
  });
});
afterAll(() => server.stop());

test('an endpoint in the environment is listed and answers with its key', async () => {
  const { models, defaultRef } = await listModels();
  expect(models.map(({ ref }) => ref)).toContain(defaultRef);
  const { model } = await resolveModel(defaultRef ?? '');
  const { text } = await generateText({ model, prompt: 'hello', maxRetries: 0 });
  expect(text).toBe('You said: hello');
  expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer a-key');
});

test('a model on a port of the Kamiwaza host answers', async () => {
  const model = kamiwazaModel(server.port, MODEL_ID);
  const { text } = await generateText({ model, prompt: 'hello', maxRetries: 0 });
  expect(text).toBe('You said: hello');
  expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer not-needed-kamiwaza');
});
