import { type CoreMessage, generateText, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { endpointModel, goOnOptions, startDemoModel } from '@/lib/models';
import { DEMO_MODEL_ID } from '@/lib/models/demo/start-demo-model';
import { collect, settingsFor, weatherTools } from './collect';

let demo: Awaited<ReturnType<typeof startDemoModel>>;
beforeAll(async () => {
  demo = await startDemoModel({ wordsPerSecond: 1_000 });
});
afterAll(() => demo.stop());

const settings = () => settingsFor(demo, { modelNames: [DEMO_MODEL_ID] });
const model = () => endpointModel(settings());

describe('the built-in demo', () => {
  test.each([
    ['hello', 'Mention one of these'],
    ['show me code', '```ts'],
    ['a table', '| Planet |'],
    ['some maths', '$$'],
    ['everything', '| Planet |'],
  ])('says that it is a script, and shows what was asked for: %s', async (question, shown) => {
    const { text, error } = await collect(settings(), question);
    expect(error).toBeNull();
    expect(text.slice(0, 300)).toContain('no model is connected');
    expect(text).toContain('OPENAI_BASE_URL');
    expect(text).toContain(shown);
  });

  test('thinks where it can be seen', async () => {
    const { reasoning, text } = await collect(settings(), 'a riddle');
    expect(reasoning).toContain('1.10');
    expect(text).toContain('0.05');
  });

  test('streams: the answer grows over time, in words', async () => {
    const calm = await startDemoModel();
    const at: number[] = [];
    await collect(settingsFor(calm, { modelNames: [DEMO_MODEL_ID] }), 'a table', {
      onPart: ({ type }) => void (type === 'text-delta' && at.push(performance.now())),
    });
    await calm.stop();
    expect(at.length).toBeGreaterThan(10);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(500);
  });

  test('asks the weather tool, and tells what it gave', async () => {
    const seen = await collect(settings(), 'What is the weather in New York?', {
      tools: weatherTools,
    });
    expect(seen.toolCalls).toEqual([{ name: 'getWeather', args: { city: 'New York' } }]);
    expect(seen.text).toContain('sun in New York');
  });

  test('says that the weather is not to be had, when the tool fails', async () => {
    const getWeather = tool({
      parameters: z.object({ city: z.string() }),
      execute: async () => ({ error: 'The weather service cannot be reached from this server.' }),
    });
    const { text } = await collect(settings(), 'weather in Rome', { tools: { getWeather } });
    expect(text).toContain('The weather service cannot be reached from this server.');
  });

  test('says so when it was offered no tool', async () => {
    expect((await collect(settings(), 'weather in Rome')).text).toContain('No weather tool');
    expect((await collect(settings(), 'write a document')).text).toContain('No tool for documents');
  });

  test('opens a document, and writes it', async () => {
    const createDocument = tool({
      parameters: z.object({ title: z.string(), kind: z.enum(['text', 'code']) }),
      execute: async ({ kind }) => ({ kind }),
    });
    const { toolCalls } = await collect(settings(), 'write a document', {
      tools: { createDocument },
    });
    expect(toolCalls).toMatchObject([{ name: 'createDocument', args: { kind: 'text' } }]);
    const system = 'You write a document in Markdown. Write only the document itself.';
    const written = streamText({ model: model(), system, prompt: 'x', maxRetries: 0 });
    let text = '';
    for await (const piece of written.textStream) text += piece;
    expect(text).toMatch(/^# A document from the demo/);
  });

  test('continues its own answer through the app’s request for that, without a second menu', async () => {
    const whole = (await collect(settings(), 'a table')).text;
    const half = whole.slice(0, whole.indexOf('Venus') + 3);
    const { textStream } = streamText({
      model: model(),
      messages: [
        { role: 'user', content: 'a table' },
        { role: 'assistant', content: half },
      ],
      maxRetries: 0,
      ...goOnOptions([{ type: 'text', text: half }]),
    });
    let rest = '';
    for await (const piece of textStream) rest += piece;
    expect(half + rest).toBe(whole);
  });

  const made = (name: string, result: object = {}) =>
    tool({ parameters: z.object({}).passthrough(), execute: async () => ({ name, ...result }) });
  const tools = {
    createDocument: made('createDocument'),
    updateDocument: made('updateDocument'),
    requestSuggestions: made('requestSuggestions'),
  };
  const before = (question: string): CoreMessage[] => {
    const ids = { toolCallId: 'a', toolName: 'createDocument' };
    const result = { id: 'doc-7', title: 'A', kind: 'text', version: 1, content: 'Written.' };
    return [
      { role: 'user', content: 'write a document' },
      { role: 'assistant', content: [{ type: 'tool-call', ...ids, args: {} }] },
      { role: 'tool', content: [{ type: 'tool-result', ...ids, result }] },
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: question },
    ];
  };

  test.each([
    ['make a spreadsheet', { kind: 'sheet' }],
    ['a web page, please', { kind: 'code', language: 'html' }],
    ['write a program', { kind: 'code', language: 'python' }],
    ['draft a letter', { kind: 'text' }],
  ])('writes what is asked for: %s', async (question, args) => {
    const { toolCalls } = await collect(settings(), question, { tools });
    expect(toolCalls).toMatchObject([{ name: 'createDocument', args }]);
  });

  test.each([
    ['make it shorter', 'updateDocument', { id: 'doc-7', instructions: expect.any(String) }],
    ['suggest changes to the document', 'requestSuggestions', { id: 'doc-7' }],
  ])('works on the document that is there: %s', async (question, name, args) => {
    const messages = before(question);
    const { toolCalls } = await generateText({ model: model(), messages, tools, maxRetries: 0 });
    expect(toolCalls).toMatchObject([{ toolName: name, args }]);
  });

  test('shortens its own text, and has suggestions for it', async () => {
    const ask = async (system: string, prompt: string) =>
      (await generateText({ model: model(), system, prompt, maxRetries: 0 })).text;
    const text = await ask('You write a document in Markdown.', 'Write “A document from the demo”');
    const given = `<document>\n${text}\n</document>\n\nMake it shorter.`;
    const shorter = await ask('You write a document in Markdown.', given);
    expect(shorter).toMatch(/^# A document from the demo/);
    expect(shorter.length).toBeLessThan(text.length);
    const lines = (await ask('You propose changes to a document', given)).trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(text).toContain(JSON.parse(line).original);
  });

  test('names a chat by its first words', async () => {
    const system = 'Write a title for a conversation that begins with the message you are given.';
    const { text } = await generateText({ model: model(), system, prompt: 'how do tides *work*?' });
    expect(text).toBe('How do tides work?');
  });
});
