import { describe, expect, it } from 'vitest';
import { findOccurrences } from '@/lib/server/documents/find-occurrences';
import fc from '@/tests/support/fast-check';
import { cpuTimeMs } from '@/tests/support/linear-time';
import { applyEdits } from '@/tools/update-document/server/apply-edits';

const errorOf = async (content: string, ...edits: Array<[string, string]>) => {
  const result = await applyEdits(
    content,
    edits.map(([find, replace]) => ({ find, replace })),
  );
  return 'error' in result ? result.error : `no error: ${result.content}`;
};

describe('exact edits', () => {
  it('are all applied, in any order', async () => {
    const edits = [
      { find: 'three', replace: '3' },
      { find: 'one', replace: 'three' },
      { find: ' two', replace: '' },
    ];
    expect(await applyEdits('one two three', edits)).toEqual({ content: 'three 3' });
    expect(await applyEdits('one two three', edits.toReversed())).toEqual({ content: 'three 3' });
  });

  it('match their text literally, without patterns, in any script', async () => {
    expect(await applyEdits('a.c $& 世界 👩‍🚀', [{ find: '.c $& 世', replace: '$1$&' }])).toEqual({
      content: 'a$1$&界 👩‍🚀',
    });
  });

  it('that match nowhere or twice are rejected with the reason, and none is applied', async () => {
    expect(await errorOf('one', ['one', '1'], ['two', '2'])).toMatch(
      /^Edit 2: “two” is not in the document\. .*Nothing was changed\.$/,
    );
    expect(await errorOf('a a a', ['a', 'b'])).toContain('occurs 3 times');
    expect(await errorOf('aaa', ['aa', 'b'])).toContain('occurs 2 times');
    expect(await errorOf('one', ['', 'x'])).toContain('is not in the document');
    expect(await errorOf('x', ['y'.repeat(500), ''])).toContain(`“${'y'.repeat(80)}…”`);
  });

  it('that overlap are rejected', async () => {
    expect(await errorOf('abcd', ['bcd', 'x'], ['abc', 'y'])).toContain(
      'Edits 2 and 1 change the same',
    );
    expect(await errorOf('abcd', ['ab', 'x'], ['ab', 'y'])).toContain('change the same place');
    expect(
      await applyEdits('abcd', [
        { find: 'ab', replace: '' },
        { find: 'cd', replace: 'x' },
      ]),
    ).toEqual({
      content: 'x',
    });
  });

  it('that change nothing are reported', async () => {
    expect(await errorOf('one', ['one', 'one'])).toBe('The edits change nothing.');
    expect(await errorOf('one')).toBe('The edits change nothing.');
  });

  it('equal sequential replacements if they do not overlap', async () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-e]{3}$/), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(words, fc.array(fc.string()), async (finds, replacements) => {
        const content = finds.map((find) => `<${find}>`).join('');
        const edits = finds.map((find, i) => ({
          find: `<${find}>`,
          replace: `[${replacements[i] ?? ''}]`,
        }));
        const expected = edits.map(({ replace }) => replace).join('');
        expect(await applyEdits(content, edits)).toEqual({ content: expected });
      }),
    );
  });

  it('report up to ten matches of a text', async () => {
    expect(await errorOf('a'.repeat(10), ['a', 'b'])).toContain('occurs 10 times');
    expect(await errorOf('a'.repeat(1_000), ['a', 'b'])).toContain('occurs more than 10 times');
  });
});

describe('the text search', () => {
  it('finds the same matches as indexOf, including overlapping ones', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 });
    const searchText = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(letters, searchText, (text, find) => {
        const expected: number[] = [];
        for (let at = text.indexOf(find); at !== -1; at = text.indexOf(find, at + 1)) {
          expected.push(at);
        }
        expect(findOccurrences(text, find, 1_000)).toEqual(expected);
        expect(findOccurrences(text, find, 2)).toEqual(expected.slice(0, 2));
      }),
    );
  });

  it.each([
    ['of one letter', (length: number) => 'a'.repeat(length)],
    ['of one letter after another', (length: number) => `b${'a'.repeat(length)}`],
    ['of one letter before another', (length: number) => `${'a'.repeat(length)}b`],
    [
      'of one letter around another',
      (length: number) => `${'a'.repeat(length)}b${'a'.repeat(length)}`,
    ],
  ])('takes linear time for a long text %s', (_, make) => {
    const text = 'a'.repeat(200_000);
    const time = (length: number) =>
      cpuTimeMs(() => findOccurrences(text, make(length), 1_000_000));
    time(100);
    // Time proportional to the product of both lengths would be 1,000 times as long.
    expect(time(100_000)).toBeLessThan(20 * Math.max(5, time(100)));
  });
});
