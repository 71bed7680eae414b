import { describe, expect, it } from 'vitest';
import { applyEdits } from '@/lib/artifacts/edits';
import fc from '@/tests/support/fast-check';

const reason = (content: string, ...edits: Array<[string, string]>) => {
  const result = applyEdits(
    content,
    edits.map(([find, replace]) => ({ find, replace })),
  );
  return 'error' in result ? result.error : `no error: ${result.content}`;
};

describe('edits', () => {
  it('are all made, whatever their order', () => {
    const edits = [
      { find: 'three', replace: '3' },
      { find: 'one', replace: 'three' },
      { find: ' two', replace: '' },
    ];
    expect(applyEdits('one two three', edits)).toEqual({ content: 'three 3' });
    expect(applyEdits('one two three', edits.toReversed())).toEqual({ content: 'three 3' });
  });

  it('take their text as it is: no patterns, any script', () => {
    expect(applyEdits('a.c $& 世界 👩‍🚀', [{ find: '.c $& 世', replace: '$1$&' }])).toEqual({
      content: 'a$1$&界 👩‍🚀',
    });
  });

  it('that fit nowhere, or twice, are refused with the reason, and none is made', () => {
    expect(reason('one', ['one', '1'], ['two', '2'])).toMatch(
      /^Edit 2: “two” is not in the document\. .*Nothing was changed\.$/,
    );
    expect(reason('a a a', ['a', 'b'])).toContain('is there 3 times');
    expect(reason('aaa', ['aa', 'b'])).toContain('is there 2 times');
    expect(reason('one', ['', 'x'])).toContain('is not in the document');
    expect(reason('x', ['y'.repeat(500), ''])).toContain(`“${'y'.repeat(80)}…”`);
  });

  it('that touch one another are refused', () => {
    expect(reason('abcd', ['bcd', 'x'], ['abc', 'y'])).toContain('Edits 2 and 1 change the same');
    expect(reason('abcd', ['ab', 'x'], ['ab', 'y'])).toContain('change the same place');
    expect(
      applyEdits('abcd', [
        { find: 'ab', replace: '' },
        { find: 'cd', replace: 'x' },
      ]),
    ).toEqual({
      content: 'x',
    });
  });

  it('that change nothing say so', () => {
    expect(reason('one', ['one', 'one'])).toBe('The edits change nothing.');
    expect(reason('one')).toBe('The edits change nothing.');
  });

  it('come to what replacing one after the other does, where they are apart', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-e]{3}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(words, fc.array(fc.string()), (finds, replacements) => {
        const content = finds.map((find) => `<${find}>`).join('');
        const edits = finds.map((find, i) => ({
          find: `<${find}>`,
          replace: `[${replacements[i] ?? ''}]`,
        }));
        const expected = edits.map(({ replace }) => replace).join('');
        expect(applyEdits(content, edits)).toEqual({ content: expected });
      }),
    );
  });
});
