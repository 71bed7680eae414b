import { describe, expect, it } from 'vitest';
import { withoutFence } from '@/lib/tools/without-fence';
import fc from '@/tests/support/fast-check';

async function pass(...pieces: string[]): Promise<string> {
  async function* given() {
    yield* pieces;
  }
  let text = '';
  for await (const piece of withoutFence(given())) text += piece;
  return text;
}

describe('a program', () => {
  it.each([
    ['without a fence', 'print(1)\n', 'print(1)\n'],
    ['in a fence', '```python\nprint(1)\n```', 'print(1)\n'],
    ['in a fence with space around', '\n ```\nprint(1)\n```\n\n', 'print(1)\n'],
    ['in a fence that is never closed', '```js\na()', 'a()'],
    ['with fences in it', '```md\nSee:\n```\nx\n```\n', 'See:\n```\nx\n'],
    ['with a fence at its end alone', 'a\n```\n', 'a\n```\n'],
    ['that is nothing but a fence', '```\n```', '```'],
    ['with accents first', '``not a fence', '``not a fence'],
    ['that is empty', '', ''],
  ])('%s comes out as meant, however it is cut', async (_, given, meant) => {
    expect(await pass(given)).toBe(meant);
    expect(await pass(...given)).toBe(meant);
    expect(await pass(...(given.match(/[\s\S]{1,2}/g) ?? []))).toBe(meant);
  });

  it('is the same, however it is cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('`', '```', '\n', 'a', ' ') });
    const cuts = fc.array(fc.nat(40));
    await fc.assert(
      fc.asyncProperty(text, cuts, async (given, at) => {
        const places = [0, ...at.sort((a, b) => a - b), given.length];
        const pieces = places.slice(1).map((to, i) => given.slice(places[i], to));
        expect(await pass(...pieces)).toBe(await pass(given));
      }),
    );
  });
});
