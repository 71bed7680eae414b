import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LanguageModelV1StreamPart } from 'ai';
import { describe, expect, it } from 'vitest';
import { createPartQueue } from '@/lib/server/models/adapter/part-queue';

const text = (textDelta: string): LanguageModelV1StreamPart => ({ type: 'text-delta', textDelta });
const FINISH: LanguageModelV1StreamPart = {
  type: 'finish',
  finishReason: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
};

function start() {
  const sent: LanguageModelV1StreamPart[] = [];
  const queue = createPartQueue((part) => sent.push(part));
  const waitUntilEmpty = () => new Promise<void>((resolve) => queue.onEmpty(resolve));
  return { sent, queue, waitUntilEmpty };
}

const joined = (parts: LanguageModelV1StreamPart[]) =>
  parts.map((part) => ('textDelta' in part ? part.textDelta : `<${part.type}>`)).join('');

describe('parts for the SDK', () => {
  it('are sent immediately if they are short', () => {
    const { sent, queue } = start();
    queue.send(text('a'));
    queue.send(FINISH);
    expect(sent).toEqual([text('a'), FINISH]);
    expect(queue.isEmpty).toBe(true);
  });

  it('are split if they are long, one chunk per turn of the event loop, and in order', async () => {
    const { sent, queue, waitUntilEmpty } = start();
    const longText = 'word '.repeat(100_000);
    queue.send(text(longText));
    queue.send(text('end'));
    queue.send(FINISH);
    expect(sent).toEqual([]);
    let loopTurns = 0;
    let isDone = false;
    void waitUntilEmpty().then(() => {
      isDone = true;
    });
    for (; !isDone; loopTurns += 1) {
      const before = sent.length;
      await nextTurn();
      expect(sent.length - before).toBeLessThanOrEqual(1);
    }
    expect(loopTurns).toBeGreaterThan(10);
    expect(joined(sent)).toBe(`${longText}end<finish>`);
  });

  it('are never split within a character', async () => {
    const { sent, queue, waitUntilEmpty } = start();
    queue.send(text(`a${'🙂'.repeat(60_000)}`));
    await waitUntilEmpty();
    expect(sent.length).toBeGreaterThan(1);
    for (const part of sent) expect(joined([part]).isWellFormed()).toBe(true);
  });

  it('keep the call id of split arguments', async () => {
    const { sent, queue, waitUntilEmpty } = start();
    const ids = { toolCallType: 'function', toolCallId: 'a', toolName: 'createDocument' } as const;
    const args = JSON.stringify({ content: 'x'.repeat(200_000) });
    queue.send({ type: 'tool-call-delta', ...ids, argsTextDelta: args });
    await waitUntilEmpty();
    expect(sent.every((part) => 'toolCallId' in part && part.toolCallId === 'a')).toBe(true);
    expect(sent.map((part) => 'argsTextDelta' in part && part.argsTextDelta).join('')).toBe(args);
  });

  it('are dropped after a cancellation', async () => {
    const { sent, queue } = start();
    queue.send(text('x'.repeat(200_000)));
    queue.clear();
    await nextTurn();
    await nextTurn();
    expect(sent).toEqual([]);
    expect(queue.isEmpty).toBe(true);
  });
});
