import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { generateText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpointModel, getJson, toAppError } from '@/lib/models';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { collect, settingsFor } from './collect';

const EVENTS = 'text/event-stream';

/** Answers every request alike; with status 0 with these bytes alone. */
async function startEcho(status: number, type: string, body: string) {
  const head = `HTTP/1.1 ${status} So\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`;
  const listener = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(status === 0 ? body : head + body));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, stop: () => listener.close() };
}

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

describe('a person reads what happened when the endpoint', () => {
  test.each([
    ['refuses the key', 'status code=401', 'endpoint_unauthorized'],
    ['forbids it', 'status code=403', 'endpoint_forbidden'],
    ['does not know the model', 'status code=404', 'endpoint_model_missing'],
    ['fails', 'status code=500', 'endpoint_failed'],
    ['rejects the request', 'status code=400', 'endpoint_rejected'],
    [
      'finds the conversation too long',
      'status code=400 message="maximum context length is 4096 tokens"',
      'context_too_long',
    ],
    [
      'is too busy for longer than a person waits',
      'status code=429 retry-after=60',
      'endpoint_rate_limited',
    ],
    ['answers with a web page', 'html', 'endpoint_bad_answer'],
    ['leads to another address', 'redirect', 'endpoint_bad_answer'],
  ])('%s', async (_, scenario, code) => {
    const { error, text } = await collect(settingsFor(server), `[[scenario:${scenario}]]`);
    expect(error?.code).toBe(code);
    expect(text).toBe('');
  });

  test('is not there at all', async () => {
    const gone = await startModelServer();
    await gone.stop();
    const { error } = await collect(settingsFor(gone), 'hello');
    expect(error?.code).toBe('endpoint_unreachable');
  });

  test('has no address that resolves', async () => {
    const settings = settingsFor({ baseUrl: 'http://no-such-host.invalid:8000/v1' });
    expect((await collect(settings, 'hello')).error?.code).toBe('endpoint_unreachable');
  });

  test('says why, in its own words where they are short', async () => {
    const line = 'status code=500 message="CUDA out of memory"';
    const { error } = await collect(settingsFor(server), `[[scenario:${line}]]`);
    expect(error?.message).toContain('“CUDA out of memory”');
  });

  test.each([['object'], ['event'], ['field'], ['line'], ['words'], ['event-words']])(
    'says why at status 200, as %s',
    async (form) => {
      const { error } = await collect(settingsFor(server), `[[scenario:error form=${form}]]`);
      expect(error?.message).toContain('“CUDA out of memory”');
    },
  );

  test('echoes its own key, which looks like no key: it is not shown', async () => {
    const settings = settingsFor(server, { apiKey: 'open sesame' });
    const line = 'status code=400 message="open sesame is wrong"';
    const { error } = await collect(settings, `[[scenario:${line}]]`);
    expect(error?.message).toContain('“[key] is wrong”');
  });

  test('echoes a key in its error: the key is not shown', async () => {
    const line = 'status code=400 message="bad key sk-abcdefghijklmnop at http://10.0.0.1/v1"';
    const { error } = await collect(settingsFor(server), `[[scenario:${line}]]`);
    expect(error?.message).not.toMatch(/abcdefgh|10\.0\.0\.1/);
  });

  test.each([
    ['its error status', 401, 'application/json', (key) => JSON.stringify({ detail: key })],
    ['a web page', 502, 'text/html', (key) => `<html><body>${key}</body></html>`],
    ['bare words', 400, 'text/plain', (key) => `The header was Bearer ${key}`],
    ['Basic credentials', 403, 'text/plain', (key) => `Basic ${btoa(`user:${key}`)}`],
    ['words cut off', 400, 'text/plain', (key) => `No such key: ${key.slice(0, -3)}`],
    ['an error in the stream', 200, EVENTS, (key) => `data: {"error":${JSON.stringify(key)}}\n\n`],
    ['an error event', 200, EVENTS, (key) => `event: error\ndata: ${key}\n\n`],
    ['bare words in the stream', 200, EVENTS, (key) => `data: bad key ${key}\n\n`],
    [
      'a whole answer',
      200,
      'application/json',
      (key) => JSON.stringify({ error: { key, message: key } }),
    ],
    ['broken JSON', 200, 'application/json', (key) => `{"${key}`],
    ['what is no HTTP', 0, '', (key) => `HTTP/1.1 2OO ${key}\r\n\r\n`],
  ] satisfies Array<[string, number, string, (key: string) => string]>)(
    'repeats its key in %s: neither users nor the log are told it',
    async (_how, status, type, body) => {
      const apiKey = 'Tr0ub4dor&3/"horse"+=staple';
      const echo = await startEcho(status, type, body(apiKey));
      const settings = settingsFor(echo, { apiKey });
      const model = endpointModel(settings);
      const errors = [
        (await collect(settings, 'hello')).error,
        await generateText({ model, prompt: 'hello', maxRetries: 0 }).then(() => null, toAppError),
        await getJson(`${echo.baseUrl}/models`, { ...settings, timeoutMs: 5_000 }).then(
          () => null,
          toAppError,
        ),
      ];
      await echo.stop();
      // Whatever a log could print of them. Half of a key cannot be used.
      const told = inspect(errors, { depth: 10, showHidden: true });
      expect(told).toContain('endpoint_');
      for (const secret of ['Tr0ub4dor&3', 'horse"+=', btoa(`user:${apiKey}`)]) {
        expect(told).not.toContain(secret);
      }
    },
  );

  test('fails a request that is not streamed', async () => {
    const asked = generateText({
      model: endpointModel(settingsFor(server)),
      prompt: '[[scenario:status code=401]]',
      maxRetries: 0,
    });
    const error = await asked.then(() => null, toAppError);
    expect(error?.code).toBe('endpoint_unauthorized');
  });
});

describe('what had arrived is kept, and the error named, when the endpoint', () => {
  const before = Array.from({ length: 40 }, (_, index) => `t${index} `).join('');

  test.each([
    ['dies', 'die after=40', 'endpoint_cut'],
    ['just ends', 'eof after=40', 'endpoint_cut'],
    ['sends garbage', 'garbage after=40', 'endpoint_bad_answer'],
    ['reports an error as an object', 'error form=object after=40', 'endpoint_failed'],
    ['reports an error as a string', 'error form=string after=40', 'endpoint_failed'],
    ['reports an error as a detail', 'error form=detail after=40', 'endpoint_failed'],
    ['reports an error as an event', 'error form=event after=40', 'endpoint_failed'],
    ['reports an error as a field', 'error form=field after=40', 'endpoint_failed'],
    ['reports an error as a bare line', 'error form=line after=40', 'endpoint_failed'],
    ['reports an error in bare words', 'error form=words after=40', 'endpoint_failed'],
    ['reports an error as an event of words', 'error form=event-words after=40', 'endpoint_failed'],
    ['gives error as its finish reason', 'error form=finish after=40', 'endpoint_failed'],
  ])('%s in the middle', async (_, scenario, code) => {
    const seen = await collect(settingsFor(server), `[[scenario:${scenario}]]`);
    expect(seen.text).toBe(before);
    expect(seen.error?.code).toBe(code);
    expect(seen.finishReason).toBe('error');
    expect(seen.thrown).toBeNull();
  });

  test.each([
    ['just ends', 'eof', 'endpoint_cut'],
    ['sends garbage', 'garbage', 'endpoint_bad_answer'],
    ['reports an error', 'error form=string', 'endpoint_failed'],
    ['dies every time', 'die', 'endpoint_cut'],
  ])('%s before the first token', async (_, scenario, code) => {
    const seen = await collect(settingsFor(server), `[[scenario:${scenario}]]`);
    expect(seen.error?.code).toBe(code);
    expect(seen.text).toBe('');
  });

  test('goes silent in the middle', async () => {
    const settings = settingsFor(server, {}, { idleTimeoutMs: 150 });
    const seen = await collect(settings, '[[scenario:hang at=middle after=40]]');
    expect(seen.text).toBe(before);
    expect(seen.error?.code).toBe('endpoint_timeout');
  });
});

describe('an endpoint that is silent is given up', () => {
  test.each([['headers'], ['first-token']])('when nothing comes (%s)', async (at) => {
    const settings = settingsFor(server, {}, { firstTokenTimeoutMs: 150 });
    const { error } = await collect(settings, `[[scenario:hang at=${at}]]`);
    expect(error?.code).toBe('endpoint_timeout');
    await expect.poll(() => server.openAnswers()).toBe(0);
  });

  test('when an answer has no end', async () => {
    const settings = settingsFor(server, {}, { totalTimeoutMs: 300 });
    const { error, text } = await collect(settings, '[[scenario:tokens n=1000 rate=50]]');
    expect(error?.code).toBe('endpoint_timeout');
    expect(text).toContain('t0 t1 ');
    await expect.poll(() => server.openAnswers()).toBe(0);
  });

  test('but not for a pause that is shorter than the limit', async () => {
    const settings = settingsFor(server, {}, { idleTimeoutMs: 400, firstTokenTimeoutMs: 400 });
    const seen = await collect(settings, '[[scenario:tokens n=6 rate=5]]');
    expect(seen.error).toBeNull();
    expect(seen.text).toBe('t0 t1 t2 t3 t4 t5 ');
  });
});

describe('a passing failure is retried before the first token', () => {
  test.each([
    ['a busy endpoint', 'status code=429 times=1 retry-after=0'],
    ['an overloaded one', 'status code=503 times=2 retry-after=0'],
    ['a connection that broke', 'die times=1'],
  ])('%s', async (_, scenario) => {
    const seen = await collect(settingsFor(server), `[[scenario:${scenario} n=3]]`);
    expect(seen.error).toBeNull();
    expect(seen.text).toBe('t0 t1 t2 ');
  });

  test('at most twice', async () => {
    const prompt = '[[scenario:status code=503 retry-after=0]] at most twice';
    const { error } = await collect(settingsFor(server), prompt);
    expect(error?.code).toBe('endpoint_failed');
    const asked = server.requests.filter(({ body }) =>
      JSON.stringify(body.messages).includes('at most twice'),
    );
    expect(asked).toHaveLength(3);
  });

  test('where a kept connection had gone stale', async () => {
    const short = await startModelServer();
    const settings = settingsFor(short);
    await collect(settings, '[[scenario:tokens n=1]]');
    const seen = await collect(settings, '[[scenario:die times=1 n=2]]');
    expect(seen.text).toBe('t0 t1 ');
    expect(short.requests).toHaveLength(3);
    await short.stop();
  });

  test('never after it: nothing is said twice', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:die after=5 times=1]]');
    expect(seen.text).toBe('t0 t1 t2 t3 t4 ');
    expect(seen.error?.code).toBe('endpoint_cut');
  });
});
