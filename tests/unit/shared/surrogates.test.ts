import { describe, expect, it } from 'vitest';
import { codePointBoundary, truncateChars } from '@/lib/shared/surrogates';

describe('truncateChars', () => {
  it('returns a shorter text unchanged', () => {
    expect(truncateChars('abc', 3)).toBe('abc');
  });

  it('leaves out a character whose second half does not fit', () => {
    expect(truncateChars('a😀b', 2)).toBe('a');
    expect(truncateChars('a😀b', 3)).toBe('a😀');
  });
});

describe('codePointBoundary', () => {
  it('moves an index within a surrogate pair to its start, and no other index', () => {
    expect([0, 1, 2, 3, 4].map((index) => codePointBoundary('a😀b', index))).toEqual([
      0, 1, 1, 3, 4,
    ]);
  });
});
