import { callChatApi, processDataStream, type UIMessage } from '@ai-sdk/ui-utils';
import { describe, expect, it } from 'vitest';
import { foldLines } from '@/lib/protocol/fold';
import { formatEnding, formatLine, parseLine, splitLines } from '@/lib/protocol/lines';
import fc from '@/tests/support/fast-check';

/** What useChat makes of the same lines, with the very code that it runs in the browser. */
async function asUseChat(lines: string[]): Promise<UIMessage | undefined> {
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
  .map((pieces) => [
    formatLine('f', { messageId: 'm1' }),
    ...pieces.flat(),
    formatLine('e', { finishReason: 'stop', isContinued: false }),
  ]);

describe('the stored message', () => {
  it('is what the browser showed, whatever the lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const lines = steps.flat();
        const shown = await asUseChat(lines);
        expect(foldLines(lines).parts).toEqual(JSON.parse(JSON.stringify(shown?.parts)));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out a call whose arguments never became whole', () => {
    const lines = [
      formatLine('b', { toolCallId: 't1', toolName: 'getWeather' }),
      formatLine('c', { toolCallId: 't1', argsTextDelta: '{"ci' }),
    ];
    expect(foldLines(lines).parts).toEqual([]);
  });

  it('counts the tokens of tools with those of its steps', () => {
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

  it('passes over lines that are none, blank or unknown', () => {
    const lines = ['', 'nonsense', '0:{broken', 'z:{"new":"code"}', formatLine('0', 'kept')];
    expect(foldLines(lines).parts).toEqual([{ type: 'text', text: 'kept' }]);
  });
});

describe('the end of a run', () => {
  it('is an annotation and then a d: line that the SDK accepts', async () => {
    const ending = formatEnding({ type: 'run-ended', status: 'stopped' });
    const seen: unknown[] = [];
    await processDataStream({
      stream: new Response(ending).body as ReadableStream<Uint8Array>,
      onMessageAnnotationsPart: (value) => {
        seen.push(value);
      },
      onFinishMessagePart: (value) => {
        seen.push(value.finishReason);
      },
    });
    expect(seen).toEqual([[{ type: 'run-ended', status: 'stopped' }], 'unknown']);
  });
});

describe('lines', () => {
  it('survive being written and read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = formatLine('0', value);
        expect(splitLines(written)).toHaveLength(1);
        expect(parseLine(written)?.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
