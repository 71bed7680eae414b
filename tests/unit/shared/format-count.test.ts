import { expect, it } from 'vitest';
import { formatCount } from '@/lib/shared/format-count';

it.each([
  [0, '0 rows'],
  [1, '1 row'],
  [2, '2 rows'],
  [1_200, '1,200 rows'],
])('a count of %d is formatted as "%s"', (count, formatted) => {
  expect(formatCount(count, 'row')).toBe(formatted);
});
