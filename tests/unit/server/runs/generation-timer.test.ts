import { describe, expect, it } from 'vitest';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatContinuation } from '@/lib/protocol/format-parts';
import { formatLine, splitLines } from '@/lib/protocol/lines';
import { GenerationTimer } from '@/lib/server/runs/generation-timer';

const START = formatLine('f', { messageId: 'm' });
const TEXT = formatLine('0', 'a');
const CALL = formatLine('b', { toolCallId: 'c', toolName: 'getWeather' });

const stepEnd = (completionTokens: number | null) =>
  formatLine('e', { finishReason: 'stop', usage: { promptTokens: 7, completionTokens } });

/** Returns the log of a run whose lines arrive at the given times, in milliseconds. */
function logOf(lines: Array<[ms: number, line: string]>): string {
  let time = 0;
  const timer = new GenerationTimer(() => time);
  return lines
    .map(([ms, line]) => {
      time = ms;
      return timer.withTiming(line);
    })
    .join('');
}

const timingOf = (log: string) => foldLines(splitLines(log)).timing;

describe('the timing of an answer', () => {
  it('has the time to the first token and the duration of each step from its first token', () => {
    const log = logOf([
      [10, START],
      [120, formatLine('g', 'hm')],
      [200, CALL],
      [320, stepEnd(5)],
      [330, START],
      [900, TEXT],
      [1_000, TEXT],
      [1_400, stepEnd(20)],
    ]);
    expect(timingOf(log)).toEqual({ firstTokenMs: 120, generationMs: 200 + 500 });
    // One annotation for the first token, and one for each step.
    expect(splitLines(log).filter((line) => line.startsWith('8:'))).toHaveLength(3);
  });

  it('is known up to the last line of an interrupted answer', () => {
    expect(timingOf(logOf([[1, START]]))).toBeNull();
    expect(timingOf(logOf([[80, TEXT]]))).toEqual({ firstTokenMs: 80 });
  });

  it('leaves out steps whose tokens are unknown', () => {
    const log = logOf([
      [50, TEXT],
      [450, stepEnd(null)],
    ]);
    expect(timingOf(log)).toEqual({ firstTokenMs: 50 });
  });

  it('covers the same tokens as the usage if the answer was continued', () => {
    const parts = [{ type: 'text' as const, text: 'a' }];
    const usage = { promptTokens: 3, completionTokens: 4 };
    const more = logOf([
      [70, TEXT],
      [170, stepEnd(9)],
    ]);
    const stopped = formatContinuation(parts, 'm', null, { firstTokenMs: 40 });
    expect(timingOf(stopped + more)).toEqual({ firstTokenMs: 40, generationMs: 100 });
    const timing = { firstTokenMs: 40, generationMs: 1_000 };
    const truncated = formatContinuation(parts, 'm', usage, timing);
    expect(timingOf(truncated + more)).toEqual({ firstTokenMs: 40, generationMs: 1_100 });
    // An answer from before timings were stored.
    const old = formatContinuation(parts, 'm', usage, null);
    expect(timingOf(old + more)).toBeNull();
  });
});
