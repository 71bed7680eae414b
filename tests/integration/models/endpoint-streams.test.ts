import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type CoreMessage, generateText } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpointModel } from '@/lib/models';
import { newModelHabits } from '@/lib/models/endpoint-model';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { ODD_STREAM_TEXT } from '@/tests/support/model-server/odd-streams';
import { collect, settingsFor, weatherTools } from './collect';

/** An endpoint on a thread of its own that has all of an answer ready before it is read. */
const UNPAUSED = `
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

describe('every word arrives, once and in order', () => {
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
    ['labelled-json'],
    ['json-as-text'],
    ['json-as-stream'],
    ['json-unlabelled'],
    ['single-line-ends'],
  ])('from a stream of the kind %s', async (kind) => {
    const seen = await collect(settingsFor(server), `[[scenario:stream kind=${kind}]]`);
    expect(seen.error).toBeNull();
    expect(seen.text).toBe(ODD_STREAM_TEXT);
  });

  test('of a long answer as fast as it goes, in far fewer frames than tokens', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:tokens n=5000]]');
    expect(seen.text).toBe(Array.from({ length: 5000 }, (_, index) => `t${index} `).join(''));
    expect(seen.frames).toBeLessThan(100);
    expect(seen.finishReason).toBe('stop');
  });

  test('of one that comes without a pause, while everybody else has their turn', async () => {
    const event = `data: ${JSON.stringify({ choices: [{ delta: { content: 'word ' } }] })}\n\n`;
    const count = 60_000;
    const endless = new Worker(UNPAUSED, { eval: true, workerData: { event, count } });
    const [port] = (await once(endless, 'message')) as [number];
    let turns = 0;
    let counting = setImmediate(function countTurn() {
      turns += 1;
      counting = setImmediate(countTurn);
    });
    const seen = await collect(settingsFor({ baseUrl: `http://127.0.0.1:${port}/v1` }), 'hello');
    clearImmediate(counting);
    await endless.terminate();
    expect(seen.error).toBeNull();
    expect(seen.text.length).toBe(5 * count);
    // Read 64 KB a turn, as fast as it comes, it is over after a few hundred.
    expect(turns).toBeGreaterThan(3_000);
  });

  test('to a reader who is slow, for whom the endpoint has to wait', async () => {
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

  test.each([['labelled-json'], ['crlf'], ['gzip']])(
    'of an answer that was not to be streamed, and is nevertheless (%s)',
    async (kind) => {
      const model = endpointModel(settingsFor(server));
      const prompt = `[[scenario:stream kind=${kind}]]`;
      expect((await generateText({ model, prompt, maxRetries: 0 })).text).toBe(ODD_STREAM_TEXT);
    },
  );

  test('from an endpoint that sends only signs of life for longer than it may be silent', async () => {
    const limits = { firstTokenTimeoutMs: 200, idleTimeoutMs: 200 };
    const settings = settingsFor(server, {}, limits);
    const seen = await collect(settings, '[[scenario:stream kind=keep-alive]]');
    expect(seen).toMatchObject({ text: ODD_STREAM_TEXT, error: null });
  });

  test('but not for longer than an answer may take in all', async () => {
    const settings = settingsFor(server, {}, { totalTimeoutMs: 200 });
    const { error } = await collect(settings, '[[scenario:stream kind=keep-alive]]');
    expect(error?.code).toBe('endpoint_timeout');
  });

  test('from an endpoint that does not stream', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:json]]');
    expect(seen).toMatchObject({ text: 'A whole answer.', reasoning: 'Hm.', error: null });
  });

  test('with the count of its tokens', async () => {
    const { usage } = await collect(settingsFor(server), '[[scenario:tokens n=7]]');
    expect(usage).toMatchObject({ completionTokens: 8, promptTokens: 2 });
  });

  test('also when the length limit ends it', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:length n=3]]');
    expect(seen).toMatchObject({ text: 't0 t1 t2 ', finishReason: 'length', error: null });
  });

  test('also when there is no word at all', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:empty]]');
    expect(seen).toMatchObject({ text: '', finishReason: 'stop', error: null });
  });
});

describe('thinking is told from the answer', () => {
  const thoughts = 'r0 r1 r2 r3 r4';

  test.each([
    ['in the field reasoning_content', 'reasoning field=reasoning_content'],
    ['in the field reasoning', 'reasoning field=reasoning'],
    ['between think tags', 'think'],
    ['between thinking tags', 'think tag=thinking'],
  ])('%s', async (_, scenario) => {
    const seen = await collect(settingsFor(server), `[[scenario:${scenario} n=3]]`);
    expect(seen.reasoning.trim()).toBe(thoughts);
    expect(seen.text).toBe('t0 t1 t2 ');
  });

  test('where it is never closed', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:think end=never]]');
    expect(seen).toMatchObject({ reasoning: thoughts, text: '' });
  });

  test('where the prompt template opens the tag, from the second answer on', async () => {
    const habits = newModelHabits();
    const prompt = '[[scenario:think begin=inside n=3]]';
    const first = await collect(settingsFor(server), prompt, { habits });
    expect(first.text).toBe(`${thoughts} \nt0 t1 t2 `);
    const second = await collect(settingsFor(server), prompt, { habits });
    expect(second).toMatchObject({ reasoning: thoughts, text: 't0 t1 t2 ' });
  });
});

describe('a tool is called as the model meant it', () => {
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
  ])('from a call of the kind %s', async (kind) => {
    const seen = await collect(settingsFor(server), `[[scenario:odd-tool kind=${kind}]]`, {
      tools: weatherTools,
    });
    expect(seen.error).toBeNull();
    expect(seen.toolCalls).toEqual([{ name: 'getWeather', args: { city: 'Oslo' } }]);
    expect(seen.text).toBe('The tool said: "sun in Oslo"');
  });

  test('twice, when two calls bear one index', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:odd-tool kind=same-index]]', {
      tools: weatherTools,
    });
    expect(seen.toolCalls).toHaveLength(2);
    expect(seen.text).toBe('The tool said: "sun in Oslo" "sun in Oslo"');
  });

  test('without arguments, when it needs none', async () => {
    const seen = await collect(settingsFor(server), '[[scenario:odd-tool kind=no-args]]', {
      tools: weatherTools,
    });
    expect(seen.toolCalls).toEqual([{ name: 'now', args: {} }]);
  });

  test('or the person reads that the model came to its limit within the call', async () => {
    const prompt = '[[scenario:odd-tool kind=unreadable finish=length]]';
    const seen = await collect(settingsFor(server), prompt, { tools: weatherTools });
    expect(seen.toolCalls).toEqual([]);
    expect(seen.error?.code).toBe('endpoint_bad_answer');
    expect(seen.error?.message).toContain('getWeather');
  });

  test.each([
    ['code=400'],
    ['code=500 message="tools param requires --jinja flag"'],
    ['code=404 message="No endpoints found that support tool use."'],
    ['code=501 message="Tools are not implemented."'],
  ])('or the answer comes without tools, from an endpoint that refuses them: %s', async (how) => {
    const habits = newModelHabits();
    const prompt = `[[scenario:refuse-tools ${how} n=2]]`;
    const seen = await collect(settingsFor(server), prompt, { tools: weatherTools, habits });
    expect(seen).toMatchObject({ text: 't0 t1 ', error: null });
    expect(habits.refusesTools).toBe(true);
    const asked = server.requests.length;
    await collect(settingsFor(server), prompt, { tools: weatherTools, habits });
    expect(server.requests.length - asked).toBe(1);
  });

  test('or one request goes without, where it was refused for a call in the conversation', async () => {
    const habits = newModelHabits();
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
      model: endpointModel(settingsFor(server), habits),
      messages: [
        ...called,
        { role: 'assistant', content: 'Seven.' },
        { role: 'user', content: '[[scenario:refuse-calls n=2]]' },
      ],
      tools: weatherTools,
      maxRetries: 0,
    });
    expect(text).toBe('t0 t1 ');
    expect(habits.refusesTools).toBe(false);
    expect(JSON.stringify(server.requests.at(-1)?.body.messages)).toContain(
      'Result of invented: 7',
    );
  });

  test('or the person reads the failure, and nothing is learned, where it fails without them too', async () => {
    const habits = newModelHabits();
    const prompt = '[[scenario:status code=500 message="tools broke down"]]';
    const seen = await collect(settingsFor(server), prompt, { tools: weatherTools, habits });
    expect(seen.error?.code).toBe('endpoint_failed');
    expect(habits.refusesTools).toBe(false);
  });
});

describe('an endpoint whose template knows no system role', () => {
  test.each([400, 500])(
    '(status %i) is given the instructions in the first message',
    async (code) => {
      server.reset();
      const habits = newModelHabits();
      const model = endpointModel(settingsFor(server), habits);
      const ask = (messages: CoreMessage[]) =>
        generateText({ model, system: 'Be kind.', messages, maxRetries: 0 });
      const prompt = `[[scenario:strict-roles code=${code} n=2]]`;
      expect((await ask([{ role: 'user', content: prompt }])).text).toBe('t0 t1 ');
      expect(habits.refusesSystem).toBe(true);
      // A turn that failed came between.
      await ask([
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

describe('the endpoint is asked', () => {
  test('by the next name it may know the model by, and then by the one that worked', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['unknown', 'olmo-2'] });
    const prompt = '[[scenario:status code=404 times=1 n=1]]';
    expect((await collect(settings, prompt)).text).toBe('t0 ');
    expect((await collect(settings, '[[scenario:tokens n=1]]')).text).toBe('t0 ');
    expect(server.requests.map(({ body }) => body.model)).toEqual(['unknown', 'olmo-2', 'olmo-2']);
  });

  test('by every name before it is given up', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['one', 'two', 'three'] });
    const { error } = await collect(settings, '[[scenario:status code=404]]');
    expect(error?.code).toBe('endpoint_model_missing');
    expect(server.requests.map(({ body }) => body.model)).toEqual(['one', 'two', 'three']);
  });

  test('with a system message, whatever the model is called', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['openchat'] });
    const model = endpointModel(settings);
    await generateText({ model, system: 'Be kind.', prompt: 'hi', maxRetries: 0 });
    expect(server.requests[0]?.body).toMatchObject({
      model: 'openchat',
      messages: [{ role: 'system' }, { role: 'user' }],
    });
  });

  test('for token counts no more, once it has refused that', async () => {
    server.reset();
    const settings = settingsFor(server, { modelNames: ['no-usage'] });
    const line = 'status code=400 times=1 message="unknown field stream_options" n=1';
    expect((await collect(settings, `[[scenario:${line}]]`)).text).toBe('t0 ');
    expect(server.requests.map(({ body }) => body.stream_options)).toEqual([
      { include_usage: true },
      undefined,
    ]);
  });

  test('with the newer word for the token limit, once it has asked for that', async () => {
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
