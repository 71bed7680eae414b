import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LanguageModelV1StreamPart } from 'ai';
import { describe, expect, it } from 'vitest';
import { createPartQueue } from '@/lib/models/adapter/part-queue';

const text = (textDelta: string): LanguageModelV1StreamPart => ({ type: 'text-delta', textDelta });
const FINISH: LanguageModelV1StreamPart = {
  type: 'finish',
  finishReason: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
};

function start() {
  const sent: LanguageModelV1StreamPart[] = [];
  const queue = createPartQueue((part) => sent.push(part));
  const emptied = () => new Promise<void>((resolve) => queue.whenEmpty(resolve));
  return { sent, queue, emptied };
}

const joined = (parts: LanguageModelV1StreamPart[]) =>
  parts.map((part) => ('textDelta' in part ? part.textDelta : `<${part.type}>`)).join('');

describe('parts on their way to the SDK', () => {
  it('go on at once where they are short', () => {
    const { sent, queue } = start();
    queue.send(text('a'));
    queue.send(FINISH);
    expect(sent).toEqual([text('a'), FINISH]);
    expect(queue.isEmpty).toBe(true);
  });

  it('go on in pieces where they are long, one in each turn of the event loop, and in order', async () => {
    const { sent, queue, emptied } = start();
    const long = 'word '.repeat(100_000);
    queue.send(text(long));
    queue.send(text('end'));
    queue.send(FINISH);
    expect(sent).toEqual([]);
    let turns = 0;
    let over = false;
    void emptied().then(() => {
      over = true;
    });
    for (; !over; turns += 1) {
      const before = sent.length;
      await nextTurn();
      expect(sent.length - before).toBeLessThanOrEqual(1);
    }
    expect(turns).toBeGreaterThan(10);
    expect(joined(sent)).toBe(`${long}end<finish>`);
  });

  it('are never cut within a character', async () => {
    const { sent, queue, emptied } = start();
    queue.send(text(`a${'🙂'.repeat(60_000)}`));
    await emptied();
    expect(sent.length).toBeGreaterThan(1);
    for (const part of sent) expect(joined([part]).isWellFormed()).toBe(true);
  });

  it('keep the call that pieces of arguments belong to', async () => {
    const { sent, queue, emptied } = start();
    const ids = { toolCallType: 'function', toolCallId: 'a', toolName: 'createDocument' } as const;
    const args = JSON.stringify({ content: 'x'.repeat(200_000) });
    queue.send({ type: 'tool-call-delta', ...ids, argsTextDelta: args });
    await emptied();
    expect(sent.every((part) => 'toolCallId' in part && part.toolCallId === 'a')).toBe(true);
    expect(sent.map((part) => 'argsTextDelta' in part && part.argsTextDelta).join('')).toBe(args);
  });

  it('are dropped where nobody wants them any more', async () => {
    const { sent, queue } = start();
    queue.send(text('x'.repeat(200_000)));
    queue.clear();
    await nextTurn();
    await nextTurn();
    expect(sent).toEqual([]);
    expect(queue.isEmpty).toBe(true);
  });
});
