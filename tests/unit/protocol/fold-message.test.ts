import { callChatApi, processDataStream, type UIMessage } from '@ai-sdk/ui-utils';
import { describe, expect, it } from 'vitest';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatLine, formatRunEnd, parseLine, splitLines } from '@/lib/protocol/lines';
import fc from '@/tests/support/fast-check';

/** Folds the lines with the code that useChat runs in the browser. */
async function foldWithUseChat(lines: string[]): Promise<UIMessage | undefined> {
  let message: UIMessage | undefined;
  await callChatApi({
    api: '/api/chat',
    body: {},
    streamProtocol: 'data',
    credentials: undefined,
    headers: undefined,
    abortController: undefined,
    restoreMessagesOnFailure: () => {},
    onResponse: undefined,
    onUpdate: (update) => {
      message = update.message;
    },
    onFinish: undefined,
    onToolCall: undefined,
    generateId: () => 'made-in-the-browser',
    fetch: async () => new Response(lines.join('')),
    lastMessage: undefined,
  });
  return message;
}

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const step = fc
  .array(
    fc.oneof(
      text.map((value) => [formatLine('0', value)]),
      text.map((value) => [formatLine('g', value)]),
      fc
        .record({ id: fc.uuid(), args: fc.jsonValue(), result: fc.jsonValue() })
        .map((call) => [
          formatLine('b', { toolCallId: call.id, toolName: 'getWeather' }),
          formatLine('9', { toolCallId: call.id, toolName: 'getWeather', args: { a: call.args } }),
          formatLine('a', { toolCallId: call.id, result: { r: call.result } }),
        ]),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((chunks) => [
    formatLine('f', { messageId: 'm1' }),
    ...chunks.flat(),
    formatLine('e', { finishReason: 'stop', isContinued: false }),
  ]);

describe('the stored message', () => {
  it('equals the message in the browser for any lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const lines = steps.flat();
        const browserMessage = await foldWithUseChat(lines);
        expect(foldLines(lines).parts).toEqual(JSON.parse(JSON.stringify(browserMessage?.parts)));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out a call whose arguments are incomplete', () => {
    const lines = [
      formatLine('b', { toolCallId: 't1', toolName: 'getWeather' }),
      formatLine('c', { toolCallId: 't1', argsTextDelta: '{"ci' }),
    ];
    expect(foldLines(lines).parts).toEqual([]);
  });

  it('adds the tokens of tools to those of its steps', () => {
    const lines = [
      formatLine('8', [{ type: 'usage', promptTokens: 10, completionTokens: 100 }]),
      formatLine('e', { usage: { promptTokens: 1, completionTokens: 2 } }),
      formatLine('8', [{ type: 'thought', index: 0, ms: 5 }]),
      formatLine('8', [{ type: 'usage', promptTokens: 20, completionTokens: null }]),
      formatLine('e', { usage: { promptTokens: null, completionTokens: null } }),
    ];
    expect(foldLines(lines).usage).toEqual({ promptTokens: 31, completionTokens: 102 });
    expect(foldLines(lines.slice(2, 3)).usage).toBeNull();
  });

  it('ignores invalid, blank and unknown lines', () => {
    const lines = ['', 'nonsense', '0:{broken', 'z:{"new":"code"}', formatLine('0', 'kept')];
    expect(foldLines(lines).parts).toEqual([{ type: 'text', text: 'kept' }]);
  });
});

describe('the end of a run', () => {
  it('is an annotation followed by a d: line that the SDK accepts', async () => {
    const runEnd = formatRunEnd({ type: 'run-ended', status: 'stopped' });
    const annotations: unknown[] = [];
    await processDataStream({
      stream: new Response(runEnd).body as ReadableStream<Uint8Array>,
      onMessageAnnotationsPart: (value) => {
        annotations.push(value);
      },
      onFinishMessagePart: (value) => {
        annotations.push(value.finishReason);
      },
    });
    expect(annotations).toEqual([[{ type: 'run-ended', status: 'stopped' }], 'unknown']);
  });
});

describe('stream lines', () => {
  it('can be parsed after they are formatted', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const formatted = formatLine('0', value);
        expect(splitLines(formatted)).toHaveLength(1);
        expect(parseLine(formatted)?.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
