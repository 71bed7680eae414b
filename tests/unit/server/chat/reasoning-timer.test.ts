import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReasoningDurationAnnotation } from '@/lib/protocol/messages';
import { ReasoningTimer } from '@/lib/server/chat/reasoning-timer';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

function trackReasoning(firstIndex = 0) {
  const annotations: ReasoningDurationAnnotation[] = [];
  const timer = new ReasoningTimer(firstIndex, (annotation) => annotations.push(annotation));
  const receivePart = (type: string, ms: number) => {
    timer.onChunk(type);
    vi.advanceTimersByTime(ms);
  };
  return { annotations, timer, receivePart };
}

test('reasoning lasts from its first text to the first part of another type', () => {
  const { annotations, receivePart } = trackReasoning();
  receivePart('reasoning', 400);
  receivePart('reasoning', 600);
  receivePart('text-delta', 5_000);
  receivePart('text-delta', 5_000);
  expect(annotations).toEqual([{ type: 'thought', index: 0, ms: 1_000 }]);
});

test('later reasoning adds to the duration of its step, and the next step has its own', () => {
  const { annotations, timer, receivePart } = trackReasoning();
  receivePart('reasoning', 100);
  receivePart('text-delta', 900);
  receivePart('reasoning', 200);
  timer.onStepFinish();
  vi.advanceTimersByTime(3_000);
  receivePart('reasoning', 50);
  receivePart('tool-call', 0);
  expect(annotations.map(({ index, ms }) => [index, ms])).toEqual([
    [0, 100],
    [0, 300],
    [1, 50],
  ]);
});

test('a continued message keeps its earlier durations, and steps without reasoning are counted', () => {
  const { annotations, timer, receivePart } = trackReasoning(2);
  receivePart('text-delta', 10);
  timer.onStepFinish();
  receivePart('reasoning', 20);
  receivePart('text-delta', 0);
  expect(annotations).toEqual([{ type: 'thought', index: 2, ms: 20 }]);
});
