import { expect, it } from 'vitest';
import { expectLinearAsync } from '@/tests/support/linear-time';
import { parseSuggestions } from '@/tools/request-suggestions/server/parse-suggestions';

const CONTENT = 'The cat sat on teh mat. It was {very} "happy".\nThe end.';

async function collectSuggestions(text: string) {
  const found: string[] = [];
  async function* chunks() {
    yield* text.match(/[\s\S]{1,3}/g) ?? [];
  }
  for await (const { original, suggested } of parseSuggestions(chunks(), CONTENT)) {
    found.push(`${original} -> ${suggested}`);
  }
  return found;
}

const line = (original: unknown, suggested: unknown) =>
  JSON.stringify({ original, suggested, description: 'Better' });

it.each([
  ['a line each', `${line('teh', 'the')}\n${line('happy', 'glad')}\n`],
  ['a list', `[${line('teh', 'the')},\n  ${line('happy', 'glad')}]`],
  [
    'a fence with text around it',
    `Sure!\n\`\`\`json\n${line('teh', 'the')}\n${line('happy', 'glad')}\n\`\`\`\nDone.`,
  ],
  [
    'over several lines',
    `{\n "original": "teh",\n "suggested": "the"\n}\n${line('happy', 'glad')}`,
  ],
  [
    'text with invalid lines in between',
    `${line('teh', 'the')}\n{"original": }\n${line('happy', 'glad')}`,
  ],
  ['an unterminated text', `${line('teh', 'the')}\n{"original": "cat\n${line('happy', 'glad')}`],
])('suggestions are found in %s', async (_, text) => {
  expect(await collectSuggestions(text)).toEqual(['teh -> the', 'happy -> glad']);
});

it('braces, quotes and line breaks in suggestions are text', async () => {
  expect(await collectSuggestions(line('{very} "happy".\nThe', '{so} "glad". The'))).toEqual([
    '{very} "happy".\nThe -> {so} "glad". The',
  ]);
});

it('suggestions without a quote or a change, duplicates and invalid ones are ignored', async () => {
  const lines = [
    line('a dog', 'x'),
    line('cat', 'cat'),
    line('', 'x'),
    line(7, 'x'),
    line('cat', 7),
    line('mat', 'rug'),
    line('mat', 'carpet'),
    line('end', ''),
  ];
  expect(await collectSuggestions(lines.join('\n'))).toEqual(['mat -> rug', 'end -> ']);
});

it('an object without an end is abandoned, and the text after it is read', async () => {
  expect(
    await collectSuggestions(`{"original": "${'x'.repeat(200_000)}" ${line('teh', 'the')}`),
  ).toEqual(['teh -> the']);
});

it('the search for a quote takes linear time for repetitive texts', async () => {
  await expectLinearAsync((size) => {
    const content = 'a'.repeat(40 * size);
    const quote = `b${'a'.repeat(size)}`;
    async function* chunks() {
      yield line(quote, 'x');
    }
    return async () => {
      for await (const _ of parseSuggestions(chunks(), content)) expect.fail('it is not there');
    };
  }, 300);
});
