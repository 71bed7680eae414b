import { expect, it } from 'vitest';
import { readSuggestions } from '@/lib/tools/read-suggestions';
import { expectLinearWhileWaiting } from '@/tests/support/growth';

const CONTENT = 'The cat sat on teh mat. It was {very} "happy".\nThe end.';

async function read(text: string) {
  const found: string[] = [];
  async function* pieces() {
    yield* text.match(/[\s\S]{1,3}/g) ?? [];
  }
  for await (const { original, suggested } of readSuggestions(pieces(), CONTENT)) {
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
    'a fence and words around',
    `Sure!\n\`\`\`json\n${line('teh', 'the')}\n${line('happy', 'glad')}\n\`\`\`\nDone.`,
  ],
  [
    'over several lines',
    `{\n "original": "teh",\n "suggested": "the"\n}\n${line('happy', 'glad')}`,
  ],
  ['what is broken in between', `${line('teh', 'the')}\n{"original": }\n${line('happy', 'glad')}`],
  ['what ends too early', `${line('teh', 'the')}\n{"original": "cat\n${line('happy', 'glad')}`],
])('proposals are found in %s', async (_, text) => {
  expect(await read(text)).toEqual(['teh -> the', 'happy -> glad']);
});

it('braces, quotes and line breaks in them are text', async () => {
  expect(await read(line('{very} "happy".\nThe', '{so} "glad". The'))).toEqual([
    '{very} "happy".\nThe -> {so} "glad". The',
  ]);
});

it('what quotes nothing, changes nothing, comes twice or is none is passed over', async () => {
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
  expect(await read(lines.join('\n'))).toEqual(['mat -> rug', 'end -> ']);
});

it('an object without an end is given up, and what comes behind it is read', async () => {
  expect(await read(`{"original": "${'x'.repeat(200_000)}" ${line('teh', 'the')}`)).toEqual([
    'teh -> the',
  ]);
});

it('a quote is looked for in proportion to the lengths, however both repeat themselves', async () => {
  await expectLinearWhileWaiting((size) => {
    const content = 'a'.repeat(40 * size);
    const quote = `b${'a'.repeat(size)}`;
    async function* pieces() {
      yield line(quote, 'x');
    }
    return async () => {
      for await (const _ of readSuggestions(pieces(), content)) expect.fail('it is not there');
    };
  }, 300);
});
