import { type CoreMessage, generateText, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { continuationOptions, startDemoModel } from '@/lib/server/models';
import { DEMO_MODEL_ID } from '@/lib/server/models/demo/start-demo-model';
import { endpointModel } from '@/lib/server/models/endpoint-model';
import { collectStream, settingsFor, weatherTools } from './collect-stream';

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
    ['some math', '$$'],
    ['everything', '| Planet |'],
  ])(
    'says that it is scripted and shows the requested feature (%s)',
    async (userText, expected) => {
      const { text, error } = await collectStream(settings(), userText);
      expect(error).toBeNull();
      expect(text.slice(0, 300)).toContain('no model is connected');
      expect(text).toContain('OPENAI_BASE_URL');
      expect(text).toContain(expected);
    },
  );

  test('sends its reasoning separately', async () => {
    const { reasoning, text } = await collectStream(settings(), 'a riddle');
    expect(reasoning).toContain('1.10');
    expect(text).toContain('0.05');
  });

  test('streams its answer in words over time', async () => {
    const pacedDemo = await startDemoModel();
    const at: number[] = [];
    await collectStream(settingsFor(pacedDemo, { modelNames: [DEMO_MODEL_ID] }), 'a table', {
      onPart: ({ type }) => void (type === 'text-delta' && at.push(performance.now())),
    });
    await pacedDemo.stop();
    expect(at.length).toBeGreaterThan(10);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(500);
  });

  test('calls the weather tool and reports its result', async () => {
    const collected = await collectStream(settings(), 'What is the weather in New York?', {
      tools: weatherTools,
    });
    expect(collected.toolCalls).toEqual([{ name: 'getWeather', args: { city: 'New York' } }]);
    expect(collected.text).toContain('sun in New York');
  });

  test('says that the weather is unavailable when the tool fails', async () => {
    const getWeather = tool({
      parameters: z.object({ city: z.string() }),
      execute: async () => ({ error: 'The weather service cannot be reached from this server.' }),
    });
    const { text } = await collectStream(settings(), 'weather in Rome', { tools: { getWeather } });
    expect(text).toContain('The weather service cannot be reached from this server.');
  });

  test('says that tools are missing when it gets none', async () => {
    expect((await collectStream(settings(), 'weather in Rome')).text).toContain(
      'without a weather tool',
    );
    expect((await collectStream(settings(), 'write a document')).text).toContain(
      'without document tools',
    );
  });

  test('creates a document and writes it', async () => {
    const createDocument = tool({
      parameters: z.object({ title: z.string(), kind: z.enum(['text', 'code']) }),
      execute: async ({ kind }) => ({ kind }),
    });
    const { toolCalls } = await collectStream(settings(), 'write a document', {
      tools: { createDocument },
    });
    expect(toolCalls).toMatchObject([{ name: 'createDocument', args: { kind: 'text' } }]);
    const system = 'You write a document in Markdown. Write only the document itself.';
    const generated = streamText({ model: model(), system, prompt: 'x', maxRetries: 0 });
    let text = '';
    for await (const chunk of generated.textStream) text += chunk;
    expect(text).toMatch(/^# A document from the demo/);
  });

  test('continues its own answer at the request of the app, without a second menu', async () => {
    const fullText = (await collectStream(settings(), 'a table')).text;
    const half = fullText.slice(0, fullText.indexOf('Venus') + 3);
    const { textStream } = streamText({
      model: model(),
      messages: [
        { role: 'user', content: 'a table' },
        { role: 'assistant', content: half },
      ],
      maxRetries: 0,
      ...continuationOptions([{ type: 'text', text: half }]),
    });
    let continuation = '';
    for await (const chunk of textStream) continuation += chunk;
    expect(half + continuation).toBe(fullText);
  });

  const stubTool = (name: string, result: object = {}) =>
    tool({ parameters: z.object({}).passthrough(), execute: async () => ({ name, ...result }) });
  const tools = {
    createDocument: stubTool('createDocument'),
    updateDocument: stubTool('updateDocument'),
    requestSuggestions: stubTool('requestSuggestions'),
  };
  const messagesBefore = (userText: string): CoreMessage[] => {
    const ids = { toolCallId: 'a', toolName: 'createDocument' };
    const result = { id: 'doc-7', title: 'A', kind: 'text', version: 1, content: 'Written.' };
    return [
      { role: 'user', content: 'write a document' },
      { role: 'assistant', content: [{ type: 'tool-call', ...ids, args: {} }] },
      { role: 'tool', content: [{ type: 'tool-result', ...ids, result }] },
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: userText },
    ];
  };

  test.each([
    ['make a spreadsheet', { kind: 'sheet' }],
    ['a web page, please', { kind: 'code', language: 'html' }],
    ['write a program', { kind: 'code', language: 'python' }],
    ['draft a letter', { kind: 'text' }],
  ])('writes the requested document (%s)', async (userText, args) => {
    const { toolCalls } = await collectStream(settings(), userText, { tools });
    expect(toolCalls).toMatchObject([{ name: 'createDocument', args }]);
  });

  test.each([
    ['make it shorter', 'updateDocument', { id: 'doc-7', instructions: expect.any(String) }],
    ['suggest changes to the document', 'requestSuggestions', { id: 'doc-7' }],
  ])('changes the existing document (%s)', async (userText, name, args) => {
    const messages = messagesBefore(userText);
    const { toolCalls } = await generateText({ model: model(), messages, tools, maxRetries: 0 });
    expect(toolCalls).toMatchObject([{ toolName: name, args }]);
  });

  test('shortens its own text and has suggestions for it', async () => {
    const generate = async (system: string, prompt: string) =>
      (await generateText({ model: model(), system, prompt, maxRetries: 0 })).text;
    const text = await generate(
      'You write a document in Markdown.',
      'Write “A document from the demo”',
    );
    const shortenPrompt = `<document>\n${text}\n</document>\n\nMake it shorter.`;
    const shorter = await generate('You write a document in Markdown.', shortenPrompt);
    expect(shorter).toMatch(/^# A document from the demo/);
    expect(shorter.length).toBeLessThan(text.length);
    const lines = (await generate('You propose changes to a document', shortenPrompt))
      .trim()
      .split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(text).toContain(JSON.parse(line).original);
  });

  test('generates a title from the first words of the chat', async () => {
    const system = 'Write a title for a conversation that begins with the message you are given.';
    const { text } = await generateText({ model: model(), system, prompt: 'how do tides *work*?' });
    expect(text).toBe('How do tides work?');
  });
});
