import { describe, expect, it } from 'vitest';
import { withoutOpenSign } from '@/lib/client/markdown/open-sign';

describe('a sign that opens what has not come yet', () => {
  it.each([
    ['so **', 'so '],
    ['so *', 'so '],
    ['(_', '('],
    ['with `', 'with '],
    ['was ~~', 'was '],
    ['see [', 'see '],
    ['see ![', 'see '],
    ['```', ''],
    ['a line\n**', 'a line\n'],
  ])('is not shown: %j', (text, shown) => {
    expect(withoutOpenSign(text)).toBe(shown);
  });

  it.each(['**bold**', 'a `code`', '5 * 3', 'it is 5*', 'snake_', 'an end.', ''])(
    'is not what closes, or stands by itself: %j',
    (text) => {
      expect(withoutOpenSign(text)).toBe(text);
    },
  );
});
