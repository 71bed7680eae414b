import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type CoreMessage, generateText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_COALESCED_CHARS, MIN_COALESCING_WINDOW_MS } from '@/lib/protocol/latency';
import { endpointModel, newLearnedBehavior } from '@/lib/server/models/endpoint-model';
import { listen } from '@/tests/support/listen';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { UNUSUAL_STREAM_TEXT } from '@/tests/support/model-server/unusual-streams';
import { collectStream, settingsFor, weatherTools } from './collect-stream';

/** An endpoint in a worker thread that sends a complete answer immediately. */
const UNTHROTTLED_SERVER = `
  const { parentPort, workerData: { event, count } } = require('node:worker_threads');
  const server = require('node:net').createServer((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\\r\\ncontent-type: text/event-stream\\r\\n\\r\\n');
      socket.end(event.repeat(count) + 'data: [DONE]\\n\\n');
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

describe('the text of an answer', () => {
  test.each([
    ['crlf'],
    ['bytes'],
    ['comments'],
    ['multi-line'],
    ['empty-chunks'],
    ['surrogates'],
    ['no-done'],
    ['no-finish'],
    ['parts'],
    ['left-open'],
    ['gzip'],
    ['labeled-json'],
    ['json-as-text'],
    ['json-as-stream'],
    ['json-unlabeled'],
    ['single-line-ends'],
  ])('arrives completely from a stream of the kind %s', async (kind) => {
    const collected = await collectStream(
      settingsFor(server),
      `[[scenario:unusual-stream kind=${kind}]]`,
    );
    expect(collected.error).toBeNull();
    expect(collected.text).toBe(UNUSUAL_STREAM_TEXT);
  });

  test('arrives completely at full speed, in far fewer frames than tokens', async () => {
    const startedAt = performance.now();
    const collected = await collectStream(settingsFor(server), '[[scenario:tokens n=5000]]');
    const windows = (performance.now() - startedAt) / MIN_COALESCING_WINDOW_MS;
    expect(collected.text).toBe(Array.from({ length: 5000 }, (_, index) => `t${index} `).join(''));
    // A frame ends with a window or with its characters; the first and the last end with neither.
    // Twice the windows, because a timer may fire a little early.
    const fullFrames = collected.text.length / MAX_COALESCED_CHARS;
    expect(collected.frames).toBeLessThanOrEqual(2 * windows + fullFrames + 2);
    expect(collected.finishReason).toBe('stop');
  });

  test('arrives completely without pauses, while the event loop serves other work', async () => {
    const event = `data: ${JSON.stringify({ choices: [{ delta: { content: 'word ' } }] })}\n\n`;
    const count = 60_000;
    const endless = new Worker(UNTHROTTLED_SERVER, { eval: true, workerData: { event, count } });
    const [port] = (await once(endless, 'message')) as [number];
    let loopTurns = 0;
    let counting = setImmediate(function countTurn() {
      loopTurns += 1;
      counting = setImmediate(countTurn);
    });
    const collected = await collectStream(
      settingsFor({ baseUrl: `http://127.0.0.1:${port}/v1` }),
      'hello',
    );
    clearImmediate(counting);
    await endless.terminate();
    expect(collected.error).toBeNull();
    expect(collected.text.length).toBe(5 * count);
    // Reading 64 KB per turn as fast as it arrives would take only a few hundred turns.
    expect(loopTurns).toBeGreaterThan(3_000);
  });

  test('arrives completely at a slow reader', async () => {
    const model = endpointModel(settingsFor(server));
    const word = 'slow-'.repeat(10);
    const text = `[[scenario:tokens n=20000 letter=${word}]]`;
    const { stream } = await model.doStream({
      inputFormat: 'prompt',
      mode: { type: 'regular' },
      prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
    });
    await sleep(500);
    let answer = '';
    for await (const part of stream) if (part.type === 'text-delta') answer += part.textDelta;
    expect(answer === Array.from({ length: 20_000 }, (_, n) => `${word}${n} `).join('')).toBe(true);
  });

  test.each([['labeled-json'], ['crlf'], ['gzip']])(
    'arrives completely from a stream in response to a request that asks for none (%s)',
    async (kind) => {
      const model = endpointModel(settingsFor(server));
      const prompt = `[[scenario:unusual-stream kind=${kind}]]`;
      expect((await generateText({ model, prompt, maxRetries: 0 })).text).toBe(UNUSUAL_STREAM_TEXT);
    },
  );

  test('arrives completely after only keep-alives for longer than the idle timeout', async () => {
    // Twenty times the interval of the keep-alives.
    const limits = { firstTokenTimeoutMs: 2_000, idleTimeoutMs: 2_000 };
    const settings = settingsFor(server, {}, limits);
    const collected = await collectStream(settings, '[[scenario:unusual-stream kind=keep-alive]]');
    expect(collected).toMatchObject({ text: UNUSUAL_STREAM_TEXT, error: null });
  });

  test('ends with an error at the total timeout, even if keep-alives arrive', async () => {
    const settings = settingsFor(server, {}, { totalTimeoutMs: 200 });
    const { error } = await collectStream(settings, '[[scenario:unusual-stream kind=keep-alive]]');
    expect(error?.code).toBe('endpoint_timeout');
  });

  test('arrives completely from an endpoint that does not stream', async () => {
    const collected = await collectStream(settingsFor(server), '[[scenario:json]]');
    expect(collected).toMatchObject({ text: 'A whole answer.', reasoning: 'Hm.', error: null });
  });

  test('arrives with its token count', async () => {
    const { usage } = await collectStream(settingsFor(server), '[[scenario:tokens n=7]]');
    expect(usage).toMatchObject({ completionTokens: 8, promptTokens: 2 });
  });

  test('arrives up to the length limit, which is the finish reason', async () => {
    const collected = await collectStream(settingsFor(server), '[[scenario:length n=3]]');
    expect(collected).toMatchObject({ text: 't0 t1 t2 ', finishReason: 'length', error: null });
  });

  test('may be empty', async () => {
    const collected = await collectStream(settingsFor(server), '[[scenario:empty]]');
    expect(collected).toMatchObject({ text: '', finishReason: 'stop', error: null });
  });
});

describe('a response that the endpoint breaks off', () => {
  test.each([
    ['in its headers, with a protocol switch', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n', ''],
    ['in its first bytes', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n', 'no size\r\n'],
  ])('fails at once: %s', async (_, headers, body) => {
    const broken = createServer((socket) => {
      socket.on('error', () => undefined);
      // One packet: the client gets the failure together with the headers.
      socket.once('data', () => socket.write(`${headers}Connection: Upgrade\r\n\r\n${body}`));
    });
    const port = await listen(broken);
    const settings = settingsFor({ baseUrl: `http://127.0.0.1:${port}/v1` });
    // Not after the timeouts, which are longer than this test may take.
    const { error } = await collectStream(settings, 'hello');
    broken.close();
    expect(error?.code).toMatch(/^endpoint_(?:disconnected|unreachable)$/);
  });
});

describe('reasoning', () => {
  const reasoningText = 'r0 r1 r2 r3 r4';

  test.each([
    ['in the field reasoning_content', 'reasoning field=reasoning_content'],
    ['in the field reasoning', 'reasoning field=reasoning'],
    ['between think tags', 'think-tags'],
    ['between thinking tags', 'think-tags tag=thinking'],
  ])('is separated from the answer: %s', async (_, scenario) => {
    const collected = await collectStream(settingsFor(server), `[[scenario:${scenario} n=3]]`);
    expect(collected.reasoning.trim()).toBe(reasoningText);
    expect(collected.text).toBe('t0 t1 t2 ');
  });

  test('is separated from the answer if its tag is never closed', async () => {
    const collected = await collectStream(settingsFor(server), '[[scenario:think-tags end=never]]');
    expect(collected).toMatchObject({ reasoning: reasoningText, text: '' });
  });

  test('is separated from the second answer on if the prompt template opens the tag', async () => {
    const behavior = newLearnedBehavior();
    const prompt = '[[scenario:think-tags begin=inside n=3]]';
    const first = await collectStream(settingsFor(server), prompt, { behavior });
    expect(first.text).toBe(`${reasoningText} \nt0 t1 t2 `);
    const second = await collectStream(settingsFor(server), prompt, { behavior });
    expect(second).toMatchObject({ reasoning: reasoningText, text: 't0 t1 t2 ' });
  });
});

describe('an answer with tools', () => {
  test.each([
    ['no-type'],
    ['no-id'],
    ['no-index'],
    ['placeholder'],
    ['object-args'],
    ['double-encoded'],
    ['trailing'],
    ['late-name'],
    ['repeated-head'],
    ['gap-index'],
  ])('executes a call of the kind %s as the model intended', async (kind) => {
    const collected = await collectStream(
      settingsFor(server),
      `[[scenario:malformed-tool-call kind=${kind}]]`,
      {
        tools: weatherTools,
      },
    );
    expect(collected.error).toBeNull();
    expect(collected.toolCalls).toEqual([{ name: 'getWeather', args: { city: 'Oslo' } }]);
    expect(collected.text).toBe('The tool said: "sun in Oslo"');
  });

  test('executes two calls with the same index', async () => {
    const collected = await collectStream(
      settingsFor(server),
      '[[scenario:malformed-tool-call kind=same-index]]',
      {
        tools: weatherTools,
      },
    );
    expect(collected.toolCalls).toHaveLength(2);
    expect(collected.text).toBe('The tool said: "sun in Oslo" "sun in Oslo"');
  });

  test('executes a call without arguments', async () => {
    const collected = await collectStream(
      settingsFor(server),
      '[[scenario:malformed-tool-call kind=no-args]]',
      {
        tools: weatherTools,
      },
    );
    expect(collected.toolCalls).toEqual([{ name: 'now', args: {} }]);
  });

  test('fails with an error if the token limit truncates a call', async () => {
    const prompt = '[[scenario:malformed-tool-call kind=unreadable finish=length]]';
    const collected = await collectStream(settingsFor(server), prompt, { tools: weatherTools });
    expect(collected.toolCalls).toEqual([]);
    expect(collected.error?.code).toBe('endpoint_invalid_response');
    expect(collected.error?.message).toContain('getWeather');
  });

  test.each([
    ['code=400'],
    ['code=500 message="tools param requires --jinja flag"'],
    ['code=404 message="No endpoints found that support tool use."'],
    ['code=501 message="Tools are not implemented."'],
  ])('is requested without tools after the endpoint rejected them (%s)', async (options) => {
    const behavior = newLearnedBehavior();
    const prompt = `[[scenario:reject-tools ${options} n=2]]`;
    const collected = await collectStream(settingsFor(server), prompt, {
      tools: weatherTools,
      behavior,
    });
    expect(collected).toMatchObject({ text: 't0 t1 ', error: null });
    expect(behavior.toolsUnsupported).toBe(true);
    const requestsBefore = server.requests.length;
    await collectStream(settingsFor(server), prompt, { tools: weatherTools, behavior });
    expect(server.requests.length - requestsBefore).toBe(1);
  });

  test('is requested without tools only once if the endpoint rejects a call in the conversation', async () => {
    const behavior = newLearnedBehavior();
    const called: CoreMessage[] = [
      { role: 'user', content: 'hello' },
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'invented', args: {} }],
      },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'invented', result: 7 }],
      },
    ];
    const { text } = await generateText({
      model: endpointModel(settingsFor(server), behavior),
      messages: [
        ...called,
        { role: 'assistant', content: 'Seven.' },
        { role: 'user', content: '[[scenario:reject-tool-calls n=2]]' },
      ],
      tools: weatherTools,
      maxRetries: 0,
    });
    expect(text).toBe('t0 t1 ');
    expect(behavior.toolsUnsupported).toBe(false);
    expect(JSON.stringify(server.requests.at(-1)?.body.messages)).toContain(
      'Result of invented: 7',
    );
  });

  test('fails, and no behavior is learned, if the request without tools fails as well', async () => {
    const behavior = newLearnedBehavior();
    const prompt = '[[scenario:status code=500 message="tools broke down"]]';
    const collected = await collectStream(settingsFor(server), prompt, {
      tools: weatherTools,
      behavior,
    });
    expect(collected.error?.code).toBe('endpoint_failed');
    expect(behavior.toolsUnsupported).toBe(false);
  });
});

describe('an endpoint whose template has no system role', () => {
  test.each([400, 500])(
    'gets the instructions in the first message after status %i',
    async (code) => {
      server.reset();
      const behavior = newLearnedBehavior();
      const model = endpointModel(settingsFor(server), behavior);
      const generate = (messages: CoreMessage[]) =>
        generateText({ model, system: 'Be kind.', messages, maxRetries: 0 });
      const prompt = `[[scenario:strict-roles code=${code} n=2]]`;
      expect((await generate([{ role: 'user', content: prompt }])).text).toBe('t0 t1 ');
      expect(behavior.systemRoleUnsupported).toBe(true);
      // As if a turn had failed in between.
      await generate([
        { role: 'user', content: 'hello' },
        { role: 'user', content: prompt },
      ]);
      expect(server.requests).toHaveLength(3);
      expect(server.requests[2]?.body.messages).toEqual([
        { role: 'user', content: `Be kind.\n\nhello\n\n${prompt}` },
      ]);
    },
  );
});

describe('a request to the endpoint', () => {
  test('uses the next candidate name of the model, and then the one that worked', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['unknown', 'olmo-2'] });
    const prompt = '[[scenario:status code=404 times=1 n=1]]';
    expect((await collectStream(settings, prompt)).text).toBe('t0 ');
    expect((await collectStream(settings, '[[scenario:tokens n=1]]')).text).toBe('t0 ');
    expect(server.requests.map(({ body }) => body.model)).toEqual(['unknown', 'olmo-2', 'olmo-2']);
  });

  test('uses every candidate name before it fails', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['one', 'two', 'three'] });
    const { error } = await collectStream(settings, '[[scenario:status code=404]]');
    expect(error?.code).toBe('endpoint_model_missing');
    expect(server.requests.map(({ body }) => body.model)).toEqual(['one', 'two', 'three']);
  });

  test('has a system message for any model name', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['openchat'] });
    const model = endpointModel(settings);
    await generateText({ model, system: 'Be kind.', prompt: 'hi', maxRetries: 0 });
    expect(server.requests[0]?.body).toMatchObject({
      model: 'openchat',
      messages: [{ role: 'system' }, { role: 'user' }],
    });
  });

  test('omits token counts after they were rejected', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['no-usage'] });
    const line = 'status code=400 times=1 message="unknown field stream_options" n=1';
    expect((await collectStream(settings, `[[scenario:${line}]]`)).text).toBe('t0 ');
    expect(server.requests.map(({ body }) => body.stream_options)).toEqual([
      { include_usage: true },
      undefined,
    ]);
  });

  test('uses the newer name of the token limit after it was required', async () => {
    server.reset();
    const model = endpointModel(settingsFor(server, { modelNames: ['gpt-5'] }));
    const prompt = '[[scenario:status code=400 times=1 message="use max_completion_tokens" n=1]]';
    const { text } = await generateText({ model, prompt, maxTokens: 9, maxRetries: 0 });
    expect(text).toBe('t0 ');
    expect(server.requests.map(({ body }) => body)).toMatchObject([
      { max_tokens: 9 },
      { max_completion_tokens: 9 },
    ]);
  });
});
