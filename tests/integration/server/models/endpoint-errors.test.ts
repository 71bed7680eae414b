import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { generateText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getJson, toAppError } from '@/lib/server/models';
import { endpointModel } from '@/lib/server/models/endpoint-model';
import { listen } from '@/tests/support/listen';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { numberedTokens } from '@/tests/support/test-user';
import { collectStream, settingsFor } from './collect-stream';

const EVENTS = 'text/event-stream';

/** Starts a server that sends the same response to every request; with status 0 only the body. */
async function startRawServer(status: number, type: string, body: string) {
  const head = `HTTP/1.1 ${status} So\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`;
  const listener = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(status === 0 ? body : head + body));
  });
  const port = await listen(listener);
  return { baseUrl: `http://127.0.0.1:${port}/v1`, stop: () => listener.close() };
}

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

describe('the user gets a clear error when the endpoint', () => {
  test.each([
    ['rejects the API key', 'status code=401', 'endpoint_unauthorized'],
    ['denies access', 'status code=403', 'endpoint_forbidden'],
    ['does not have the model', 'status code=404', 'endpoint_model_missing'],
    ['fails', 'status code=500', 'endpoint_failed'],
    ['rejects the request', 'status code=400', 'endpoint_rejected'],
    [
      'exceeds the context length',
      'status code=400 message="maximum context length is 4096 tokens"',
      'context_too_long',
    ],
    [
      'is busy for longer than a user waits',
      'status code=429 retry-after=60',
      'endpoint_rate_limited',
    ],
    ['responds with a web page', 'html', 'endpoint_invalid_response'],
    ['redirects to another address', 'redirect', 'endpoint_invalid_response'],
  ])('%s', async (_, scenario, code) => {
    const { error, text } = await collectStream(settingsFor(server), `[[scenario:${scenario}]]`);
    expect(error?.code).toBe(code);
    expect(text).toBe('');
  });

  test('is unreachable', async () => {
    const stoppedServer = await startModelServer();
    await stoppedServer.stop();
    const { error } = await collectStream(settingsFor(stoppedServer), 'hello');
    expect(error?.code).toBe('endpoint_unreachable');
  });

  test('has an address that does not resolve', async () => {
    const settings = settingsFor({ baseUrl: 'http://no-such-host.invalid:8000/v1' });
    expect((await collectStream(settings, 'hello')).error?.code).toBe('endpoint_unreachable');
  });

  test('explains the error itself in a short text', async () => {
    const line = 'status code=500 message="CUDA out of memory"';
    const { error } = await collectStream(settingsFor(server), `[[scenario:${line}]]`);
    expect(error?.message).toContain('“CUDA out of memory”');
  });

  test.each([['object'], ['event'], ['field'], ['line'], ['words'], ['event-words']])(
    'reports an error with status 200, as %s',
    async (form) => {
      const { error } = await collectStream(settingsFor(server), `[[scenario:error form=${form}]]`);
      expect(error?.message).toContain('“CUDA out of memory”');
    },
  );

  test('echoes its own key, which is removed although it does not look like a key', async () => {
    const settings = settingsFor(server, { apiKey: 'open sesame' });
    const line = 'status code=400 message="open sesame is wrong"';
    const { error } = await collectStream(settings, `[[scenario:${line}]]`);
    expect(error?.message).toContain('“[key] is wrong”');
  });

  test('echoes the API key, which is removed from the error', async () => {
    const line = 'status code=400 message="bad key sk-abcdefghijklmnop at http://10.0.0.1/v1"';
    const { error } = await collectStream(settingsFor(server), `[[scenario:${line}]]`);
    expect(error?.message).not.toMatch(/abcdefgh|10\.0\.0\.1/);
  });

  test.each([
    ['its error status', 401, 'application/json', (key) => JSON.stringify({ detail: key })],
    ['a web page', 502, 'text/html', (key) => `<html><body>${key}</body></html>`],
    ['plain text', 400, 'text/plain', (key) => `The header was Bearer ${key}`],
    ['Basic credentials', 403, 'text/plain', (key) => `Basic ${btoa(`user:${key}`)}`],
    ['truncated text', 400, 'text/plain', (key) => `No such key: ${key.slice(0, -3)}`],
    ['an error in the stream', 200, EVENTS, (key) => `data: {"error":${JSON.stringify(key)}}\n\n`],
    ['an error event', 200, EVENTS, (key) => `event: error\ndata: ${key}\n\n`],
    ['plain text in the stream', 200, EVENTS, (key) => `data: bad key ${key}\n\n`],
    [
      'a complete response',
      200,
      'application/json',
      (key) => JSON.stringify({ error: { key, message: key } }),
    ],
    ['invalid JSON', 200, 'application/json', (key) => `{"${key}`],
    ['a response that is not HTTP', 0, '', (key) => `HTTP/1.1 2OO ${key}\r\n\r\n`],
  ] satisfies Array<[string, number, string, (key: string) => string]>)(
    'repeats its key in %s, which reaches neither users nor the log',
    async (_how, status, type, body) => {
      const apiKey = 'Tr0ub4dor&3/"horse"+=staple';
      const echo = await startRawServer(status, type, body(apiKey));
      const settings = settingsFor(echo, { apiKey });
      const model = endpointModel(settings);
      const errors = [
        (await collectStream(settings, 'hello')).error,
        await generateText({ model, prompt: 'hello', maxRetries: 0 }).then(() => null, toAppError),
        await getJson(`${echo.baseUrl}/models`, { ...settings, timeoutMs: 5_000 }).then(
          () => null,
          toAppError,
        ),
      ];
      await echo.stop();
      // Everything that a log could print of the errors. A partial key is useless to an attacker.
      const inspected = inspect(errors, { depth: 10, showHidden: true });
      expect(inspected).toContain('endpoint_');
      for (const secret of ['Tr0ub4dor&3', 'horse"+=', btoa(`user:${apiKey}`)]) {
        expect(inspected).not.toContain(secret);
      }
    },
  );

  test('fails a request that is not streamed', async () => {
    const result = generateText({
      model: endpointModel(settingsFor(server)),
      prompt: '[[scenario:status code=401]]',
      maxRetries: 0,
    });
    const error = await result.then(() => null, toAppError);
    expect(error?.code).toBe('endpoint_unauthorized');
  });
});

describe('the received text is kept and the error reported when the endpoint', () => {
  const before = Array.from({ length: 40 }, (_, index) => `t${index} `).join('');

  test.each([
    ['disconnects', 'disconnect after=40', 'endpoint_disconnected'],
    ['ends without a finish reason', 'end-early after=40', 'endpoint_disconnected'],
    ['sends invalid JSON', 'invalid-json after=40', 'endpoint_invalid_response'],
    ['reports an error as an object', 'error form=object after=40', 'endpoint_failed'],
    ['reports an error as a string', 'error form=string after=40', 'endpoint_failed'],
    ['reports an error as a detail', 'error form=detail after=40', 'endpoint_failed'],
    ['reports an error as an event', 'error form=event after=40', 'endpoint_failed'],
    ['reports an error as a field', 'error form=field after=40', 'endpoint_failed'],
    ['reports an error as a plain line', 'error form=line after=40', 'endpoint_failed'],
    ['reports an error as plain text', 'error form=words after=40', 'endpoint_failed'],
    [
      'reports an error as an event of plain text',
      'error form=event-words after=40',
      'endpoint_failed',
    ],
    ['sends error as its finish reason', 'error form=finish after=40', 'endpoint_failed'],
  ])('%s during the answer', async (_, scenario, code) => {
    const collected = await collectStream(settingsFor(server), `[[scenario:${scenario}]]`);
    expect(collected.text).toBe(before);
    expect(collected.error?.code).toBe(code);
    expect(collected.finishReason).toBe('error');
    expect(collected.thrown).toBeNull();
  });

  test.each([
    ['ends without a finish reason', 'end-early', 'endpoint_disconnected'],
    ['sends invalid JSON', 'invalid-json', 'endpoint_invalid_response'],
    ['reports an error', 'error form=string', 'endpoint_failed'],
    ['disconnects every time', 'disconnect', 'endpoint_disconnected'],
  ])('%s before the first token', async (_, scenario, code) => {
    const collected = await collectStream(settingsFor(server), `[[scenario:${scenario}]]`);
    expect(collected.error?.code).toBe(code);
    expect(collected.text).toBe('');
  });

  test('becomes idle during the answer', async () => {
    // Only silence must reach the timeout, not the time between the received tokens.
    const settings = settingsFor(server, {}, { idleTimeoutMs: 2_000 });
    const collected = await collectStream(settings, '[[scenario:hang at=middle after=40]]');
    expect(collected.text).toBe(before);
    expect(collected.error?.code).toBe('endpoint_timeout');
  });
});

describe('an endpoint', () => {
  test.each([['headers'], ['first-token']])('times out when nothing arrives (%s)', async (at) => {
    const settings = settingsFor(server, {}, { firstTokenTimeoutMs: 150 });
    const { error } = await collectStream(settings, `[[scenario:hang at=${at}]]`);
    expect(error?.code).toBe('endpoint_timeout');
    await expect.poll(() => server.activeAnswers()).toBe(0);
  });

  test('times out when its answer does not end', async () => {
    const settings = settingsFor(server, {}, { totalTimeoutMs: 3_000 });
    // The first burst is sent immediately, and tokens keep arriving until the timeout.
    const scenario = '[[scenario:tokens n=10000 burst=5 rate=50]]';
    const { error, text } = await collectStream(settings, scenario);
    expect(error?.code).toBe('endpoint_timeout');
    expect(text).toContain('t0 t1 ');
    await expect.poll(() => server.activeAnswers()).toBe(0);
  });

  test('does not time out during a pause shorter than the timeout', async () => {
    const limits = { idleTimeoutMs: 2_000, firstTokenTimeoutMs: 2_000 };
    // Pauses of 100 ms; the whole answer takes longer than the timeout.
    const scenario = '[[scenario:tokens n=26 rate=10]]';
    const collected = await collectStream(settingsFor(server, {}, limits), scenario);
    expect(collected.error).toBeNull();
    expect(collected.text).toBe(numberedTokens(26));
  });
});

describe('a transient failure', () => {
  test.each([
    ['a busy endpoint', 'status code=429 times=1 retry-after=0'],
    ['an overloaded endpoint', 'status code=503 times=2 retry-after=0'],
    ['a broken connection', 'disconnect times=1'],
  ])('is retried before the first token: %s', async (_, scenario) => {
    const collected = await collectStream(settingsFor(server), `[[scenario:${scenario} n=3]]`);
    expect(collected.error).toBeNull();
    expect(collected.text).toBe('t0 t1 t2 ');
  });

  test('is retried at most twice', async () => {
    const prompt = '[[scenario:status code=503 retry-after=0]] at most twice';
    const { error } = await collectStream(settingsFor(server), prompt);
    expect(error?.code).toBe('endpoint_failed');
    const result = server.requests.filter(({ body }) =>
      JSON.stringify(body.messages).includes('at most twice'),
    );
    expect(result).toHaveLength(3);
  });

  test('is retried if a pooled connection was stale', async () => {
    const staleServer = await startModelServer();
    const settings = settingsFor(staleServer);
    await collectStream(settings, '[[scenario:tokens n=1]]');
    const collected = await collectStream(settings, '[[scenario:disconnect times=1 n=2]]');
    expect(collected.text).toBe('t0 t1 ');
    expect(staleServer.requests).toHaveLength(3);
    await staleServer.stop();
  });

  test('is not retried after the first token, so that no text is repeated', async () => {
    const collected = await collectStream(
      settingsFor(server),
      '[[scenario:disconnect after=5 times=1]]',
    );
    expect(collected.text).toBe('t0 t1 t2 t3 t4 ');
    expect(collected.error?.code).toBe('endpoint_disconnected');
  });
});
