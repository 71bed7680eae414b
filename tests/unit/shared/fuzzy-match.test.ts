import { expect, test } from 'vitest';
import { fuzzyScore } from '@/lib/shared/fuzzy-match';
import fc from '@/tests/support/fast-check';

const best = (query: string, texts: string[]) =>
  texts
    .flatMap((text) => {
      const score = fuzzyScore(query, text);
      return score === null ? [] : [{ text, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);

test.each([
  ['pack', ['Unpacking', 'Packing list', 'Pasta'], ['Packing list', 'Unpacking']],
  ['nch', ['Toggle sidebar', 'Once humming', 'New chat'], ['New chat', 'Once humming']],
  ['uber koln', ['Über Köln'], ['Über Köln']],
  ['ab', ['axxb b a'], ['axxb b a']],
  ['zz', ['Pizza', 'Za'], ['Pizza']],
])('%j finds the best match first', (query, texts, expected) => {
  expect(best(query, texts)).toEqual(expected);
});

test('exactly the texts with the characters of the query in their order match', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (query, text) => {
      const pattern = new RegExp([...query.replace(/ /g, '')].join('.*'));
      expect(fuzzyScore(query, text) !== null).toBe(pattern.test(text));
    }),
  );
});
