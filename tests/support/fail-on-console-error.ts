/** Setup of the unit tests: React reports wrong keys, nesting and hooks by console.error. */
import { afterEach, beforeEach, expect, vi } from 'vitest';

// Not read from the mock: a test may restore all mocks.
const calls: unknown[][] = [];

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation((...args) => void calls.push(args));
});

afterEach(() => {
  if (vi.isMockFunction(console.error)) vi.mocked(console.error).mockRestore();
  expect(calls.splice(0)).toEqual([]);
});
