import { expect, test } from 'vitest';
import { pauseBeforeRestart } from '@/scripts/start/supervise';

const SECOND = 1_000;

test('the pause before a restart doubles with each crash of the last minute, and the fifth is the last', () => {
  const crashes = [0, 1, 3, 7, 15].map((at) => at * SECOND);
  const pauses = crashes.map((_, index) => pauseBeforeRestart(crashes.slice(0, index + 1)));
  expect(pauses).toEqual([250, 500, 1_000, 2_000, null]);
});

test('crashes that are a minute old count no more', () => {
  const crashes = [0, 1, 2, 3, 61, 62].map((at) => at * SECOND);
  expect(pauseBeforeRestart(crashes)).toBe(1_000);
  expect(pauseBeforeRestart([0, 30, 60, 90, 120, 150].map((at) => at * SECOND))).toBe(500);
});
