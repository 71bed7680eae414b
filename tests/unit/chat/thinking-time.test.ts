import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ThinkingTime } from '@/lib/chat/thinking-time';
import type { ThoughtAnnotation } from '@/lib/protocol/messages';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

function measured(before = 0) {
  const told: ThoughtAnnotation[] = [];
  const time = new ThinkingTime(before, (thought) => told.push(thought));
  const hear = (type: string, ms: number) => {
    time.heard(type);
    vi.advanceTimersByTime(ms);
  };
  return { told, time, hear };
}

test('thinking takes from its first word to the first that is none', () => {
  const { told, hear } = measured();
  hear('reasoning', 400);
  hear('reasoning', 600);
  hear('text-delta', 5_000);
  hear('text-delta', 5_000);
  expect(told).toEqual([{ type: 'thought', index: 0, ms: 1_000 }]);
});

test('what is thought later in a step adds to it; the next step has a time of its own', () => {
  const { told, time, hear } = measured();
  hear('reasoning', 100);
  hear('text-delta', 900);
  hear('reasoning', 200);
  time.stepEnded();
  vi.advanceTimersByTime(3_000);
  hear('reasoning', 50);
  hear('tool-call', 0);
  expect(told.map(({ index, ms }) => [index, ms])).toEqual([
    [0, 100],
    [0, 300],
    [1, 50],
  ]);
});

test('a message that is gone on with has thoughts already; a step without any counts for none', () => {
  const { told, time, hear } = measured(2);
  hear('text-delta', 10);
  time.stepEnded();
  hear('reasoning', 20);
  hear('text-delta', 0);
  expect(told).toEqual([{ type: 'thought', index: 2, ms: 20 }]);
});
