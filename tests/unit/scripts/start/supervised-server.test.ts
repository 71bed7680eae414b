import { expect, test } from 'vitest';
import { restartDelayMs } from '@/scripts/start/supervised-server';

const SECOND = 1_000;

test('the delay before a restart doubles with each crash within a minute, and the server is not restarted after the fifth', () => {
  const crashes = [0, 1, 3, 7, 15].map((at) => at * SECOND);
  const delays = crashes.map((_, index) => restartDelayMs(crashes.slice(0, index + 1)));
  expect(delays).toEqual([250, 500, 1_000, 2_000, null]);
});

test('crashes older than a minute do not count', () => {
  const crashes = [0, 1, 2, 3, 61, 62].map((at) => at * SECOND);
  expect(restartDelayMs(crashes)).toBe(1_000);
  expect(restartDelayMs([0, 30, 60, 90, 120, 150].map((at) => at * SECOND))).toBe(500);
});
