import http from 'node:http';
import { generateText } from 'ai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config } from '@/lib/server/config/types';
import { logger } from '@/lib/server/log/logger';
import { startDemoModel } from '@/lib/server/models';
import { createDiscovery, type Discovery } from '@/lib/server/models/discovery';
import { MAX_REF_CHARS } from '@/lib/server/models/source';
import { MAX_AGE_MS, MAX_MODELS } from '@/lib/server/models/source-cache';
import { type KamiwazaServer, startKamiwazaServer } from '@/tests/support/kamiwaza-server';
import { listen } from '@/tests/support/listen';
import {
  MODEL_ID,
  type ModelServer,
  OTHER_MODEL_ID,
  startModelServer,
} from '@/tests/support/model-server';

process.env.POSTGRES_URL ??= 'postgres://throughline@127.0.0.1:1/unused';

const CLOSED_PORT_URL = 'http://127.0.0.1:9/v1';

function createTestDiscovery(change: Partial<Config['models']> = {}): Discovery {
  return createDiscovery({
    endpoints: [],
    kamiwaza: null,
    kamiwazaHost: 'localhost',
    verifyTls: true,
    demo: false,
    defaultModel: null,
    connectTimeoutMs: 60_000,
    firstTokenTimeoutMs: 60_000,
    idleTimeoutMs: 60_000,
    totalTimeoutMs: 120_000,
    ...change,
  });
}

const endpoint = (id: string, baseUrl: string) => ({ id, name: id, baseUrl, apiKey: null });

async function generate(discovery: Discovery, ref: string, prompt = 'hello'): Promise<string> {
  const { model } = await discovery.resolve(ref);
  return (await generateText({ model, prompt, maxRetries: 0 })).text;
}

/** Moves the clock, so that cached lists expire. */
function advanceClock(ms: number): void {
  const now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => now + ms);
}
afterEach(() => void vi.restoreAllMocks());

describe('with an endpoint', () => {
  let server: ModelServer;
  beforeAll(async () => {
    server = await startModelServer();
  });
  afterAll(() => server.stop());

  test('its chat models are listed and answer', async () => {
    const discovery = createTestDiscovery({ endpoints: [endpoint('here', server.baseUrl)] });
    const { models, defaultRef, problems } = await discovery.list();
    expect(models.map(({ ref, name }) => [ref, name])).toEqual([
      [`here/${MODEL_ID}`, 'scripted'],
      [`here/${OTHER_MODEL_ID}`, 'scripted-two'],
    ]);
    expect(defaultRef).toBe(`here/${MODEL_ID}`);
    expect(problems).toEqual([]);
    expect(await generate(discovery, `here/${OTHER_MODEL_ID}`)).toBe('You said: hello');
    expect(server.requests.at(-1)?.body.model).toBe(OTHER_MODEL_ID);
  });

  test.each([[`here/${OTHER_MODEL_ID}`], [OTHER_MODEL_ID], ['scripted-two']])(
    'the preferred model is the default, named as %s',
    async (defaultModel) => {
      const endpoints = [endpoint('here', server.baseUrl)];
      const { defaultRef } = await createTestDiscovery({ endpoints, defaultModel }).list();
      expect(defaultRef).toBe(`here/${OTHER_MODEL_ID}`);
    },
  );

  test('a model that is not listed is rejected', async () => {
    const discovery = createTestDiscovery({ endpoints: [endpoint('here', server.baseUrl)] });
    for (const ref of ['here/other', 'other', '', 'http://127.0.0.1:1/v1', `x/${MODEL_ID}`]) {
      await expect(discovery.resolve(ref)).rejects.toMatchObject({ code: 'model_not_found' });
    }
  });

  test('another unavailable endpoint is named and hides no model', async () => {
    const endpoints = [endpoint('down', CLOSED_PORT_URL), endpoint('here', server.baseUrl)];
    const discovery = createTestDiscovery({ endpoints });
    const { models, problems } = await discovery.list();
    expect(models).toHaveLength(2);
    expect(problems).toMatchObject([{ endpoint: 'down', error: { code: 'endpoint_unreachable' } }]);
    await expect(discovery.resolve('down/x')).rejects.toMatchObject({
      code: 'endpoint_unreachable',
    });
  });

  test('concurrent lookups share one request', async () => {
    const discovery = createTestDiscovery({ endpoints: [endpoint('here', server.baseUrl)] });
    const lists = await Promise.all(Array.from({ length: 20 }, () => discovery.list()));
    expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(1);
  });

  test('a chat reports an endpoint that failed after its models were listed', async () => {
    const other = await startModelServer();
    const discovery = createTestDiscovery({ endpoints: [endpoint('gone', other.baseUrl)] });
    await discovery.list();
    await other.stop();
    advanceClock(MAX_AGE_MS + 1);
    expect((await discovery.list()).models).toEqual([]);
    await expect(generate(discovery, `gone/${MODEL_ID}`)).rejects.toMatchObject({
      code: 'endpoint_unreachable',
    });
  });
});

describe('with an endpoint that lists an unbounded number of models', () => {
  const plain = Array.from({ length: 20_000 }, (_, at) => ({ id: `m${at}` }));
  let list: Array<{ id: string }> = [];
  const server = http.createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: list }));
  });
  let baseUrl: string;
  beforeAll(async () => {
    baseUrl = `http://127.0.0.1:${await listen(server)}/v1`;
  });
  afterAll(() => void server.close());

  test.each([
    ['models', plain, plain.slice(0, MAX_MODELS), { tooLong: 0, tooMany: 15_000 }],
    [
      'characters of a name',
      [{ id: 'x'.repeat(1_000_000) }, { id: 'x'.repeat(MAX_REF_CHARS) }, { id: 'short' }],
      [{ id: 'short' }],
      { tooLong: 2, tooMany: 0 },
    ],
  ])(
    'each user gets a bounded number of %s, and the log reports once what was dropped',
    async (_, listedModels, expected, missing) => {
      const warned = vi.spyOn(logger, 'warn').mockImplementation(() => {});
      list = listedModels;
      const discovery = createTestDiscovery({ endpoints: [endpoint('here', baseUrl)] });
      for (let at = 0; at < 3; at++) {
        advanceClock(MAX_AGE_MS + 1);
        const { models } = await discovery.list();
        expect(models.map(({ ref }) => ref)).toEqual(expected.map(({ id }) => `here/${id}`));
      }
      expect(warned).toHaveBeenCalledOnce();
      expect(warned.mock.calls[0]?.[0]).toMatchObject({ endpoint: 'here', ...missing });
    },
  );
});

test('without any configuration no model is available, and a chat reports that', async () => {
  const discovery = createTestDiscovery();
  expect(await discovery.list()).toEqual({ models: [], defaultRef: null, problems: [] });
  await expect(discovery.resolve('x/y')).rejects.toMatchObject({ code: 'no_model' });
});

test('the built-in demo is listed as a demo, and its answers say that they are scripted', async () => {
  const demo = await startDemoModel({ wordsPerSecond: 1_000 });
  const discovery = createTestDiscovery({ demo: true });
  discovery.addDemo(demo.baseUrl);
  const { models } = await discovery.list();
  expect(models).toMatchObject([{ demo: true, name: 'Built-in demo (scripted)' }]);
  const answer = await generate(discovery, models[0]?.ref ?? '', 'a table please');
  expect(answer).toContain('no model is connected');
  expect(answer).toContain('OPENAI_BASE_URL');
  expect(answer).toContain('| Planet |');
  await demo.stop();
});

describe('with a Kamiwaza platform', () => {
  let platform: KamiwazaServer;
  beforeEach(async () => {
    platform = await startKamiwazaServer({ token: 'secret' });
  });
  afterEach(() => platform.stop());

  const kamiwazaDiscovery = () =>
    createTestDiscovery({
      kamiwaza: {
        apiUrl: platform.apiUrl,
        origin: platform.origin,
        hosts: ['127.0.0.1'],
        apiKey: 'secret',
      },
    });

  test('deployed models are listed and answer, by port and by path', async () => {
    platform.deployments.push(
      { id: 'd1', m_name: 'by-port', status: 'DEPLOYED', lb_port: platform.models.port },
      { id: 'd2', m_name: 'by-path', status: 'DEPLOYED', access_path: '/api/runtime/models/d2' },
      { id: 'd3', m_name: 'not-yet', status: 'DEPLOYING' },
    );
    const discovery = kamiwazaDiscovery();
    const { models } = await discovery.list();
    expect(models.map(({ ref }) => ref)).toEqual(['kamiwaza/by-port', 'kamiwaza/by-path']);
    expect(await generate(discovery, 'kamiwaza/by-port')).toBe('You said: hello');
    expect(await generate(discovery, 'kamiwaza/by-path')).toBe('You said: hello');
    expect(platform.models.requests.at(-1)?.headers.authorization).toBe('Bearer secret');
  });

  test('a model on another host gets no API key, and a private address is not contacted', async () => {
    const remoteUrl = `http://localhost:${platform.models.port}/v1`;
    platform.deployments.push({ id: 'd1', m_name: 'm', status: 'DEPLOYED', endpoint: remoteUrl });
    await expect(generate(kamiwazaDiscovery(), 'kamiwaza/m')).rejects.toMatchObject({
      code: 'endpoint_unreachable',
      message: expect.stringContaining('private address'),
    });
    expect(platform.models.requests).toEqual([]);
  });

  test('a redeployed model answers at its new address', async () => {
    platform.deployments.push({ id: 'd1', m_name: 'm', status: 'DEPLOYED', lb_port: 9 });
    const discovery = kamiwazaDiscovery();
    await discovery.list();
    platform.deployments[0] = {
      id: 'd9',
      m_name: 'm',
      status: 'DEPLOYED',
      lb_port: platform.models.port,
    };
    advanceClock(MAX_AGE_MS + 1);
    expect(await generate(discovery, 'kamiwaza/m')).toBe('You said: hello');
  });

  test('a retry finds a redeployed model that was requested at its old address', async () => {
    platform.deployments.push({ id: 'd1', m_name: 'm', status: 'DEPLOYED', lb_port: 9 });
    const discovery = kamiwazaDiscovery();
    await expect(generate(discovery, 'kamiwaza/m')).rejects.toMatchObject({
      code: 'endpoint_unreachable',
    });
    const { port } = platform.models;
    platform.deployments[0] = { id: 'd9', m_name: 'm', status: 'DEPLOYED', lb_port: port };
    expect(await generate(discovery, 'kamiwaza/m')).toBe('You said: hello');
  });

  test('an invalid key is reported', async () => {
    const { apiUrl, origin } = platform;
    const { problems } = await createTestDiscovery({
      kamiwaza: { apiUrl, origin, hosts: ['127.0.0.1'], apiKey: 'wrong' },
    }).list();
    expect(problems).toMatchObject([
      { endpoint: 'Kamiwaza', error: { code: 'endpoint_unauthorized' } },
    ]);
  });

  test('an older Kamiwaza core is supported', async () => {
    const old = await startKamiwazaServer({ legacy: true });
    old.deployments.push({ id: 'd1', m_name: 'm', status: 'DEPLOYED', lb_port: old.models.port });
    const { apiUrl, origin } = old;
    const discovery = createTestDiscovery({
      kamiwaza: { apiUrl, origin, hosts: ['127.0.0.1'], apiKey: null },
    });
    expect(await generate(discovery, 'kamiwaza/m')).toBe('You said: hello');
    await old.stop();
  });
});
