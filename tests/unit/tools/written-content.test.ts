import { describe, expect, it } from 'vitest';
import { documentOnly } from '@/lib/tools/document-only';
import { type Piece, RESTART } from '@/lib/tools/pieces';
import { programOnly } from '@/lib/tools/program-only';
import { tableOnly } from '@/lib/tools/table-only';
import fc from '@/tests/support/fast-check';
import { expectLinearWhileWaiting } from '@/tests/support/growth';

type Reader = (pieces: AsyncIterable<string>) => AsyncIterable<Piece>;

async function pass(read: Reader, ...pieces: string[]): Promise<string> {
  async function* given() {
    yield* pieces;
  }
  let text = '';
  for await (const piece of read(given())) text = piece === RESTART ? '' : text + piece;
  return text;
}

async function expectHoweverCut(read: Reader, given: string, meant: string): Promise<void> {
  expect(await pass(read, given)).toBe(meant);
  expect(await pass(read, ...given)).toBe(meant);
  expect(await pass(read, ...(given.match(/[\s\S]{1,7}/g) ?? []))).toBe(meant);
}

const PROGRAM = 'def f(x):\n    """\n    Example.\n    """\n    return x\n';

describe('a program', () => {
  it.each([
    ['without a fence', 'print(1)\n', 'print(1)\n'],
    ['in a fence', '```python\nprint(1)\n```', 'print(1)\n'],
    ['in a fence of tildes', '~~~python\nprint(1)\n~~~', 'print(1)\n'],
    ['in a long fence', '````js\nconst a = `\n```\n`;\n````\n', 'const a = `\n```\n`;\n'],
    ['with line ends of Windows', '```js\r\na();\r\n```\r\n', 'a();\r\n'],
    ['in a fence with space around', '\n ```\nprint(1)\n```\n\n', 'print(1)\n'],
    ['in a fence that is never closed', '```js\na()', 'a()'],
    ['with fences in it', '```md\nSee:\n```\nx\n```\n', 'See:\n```\nx\n'],
    [
      'with blocks in it',
      '```md\n# T\n\n```js\na();\n```\n\nAnd more of it.\n```\n',
      '# T\n\n```js\na();\n```\n\nAnd more of it.\n',
    ],
    [
      'with a fence in its text',
      '```python\n"""\n```\nf(1)\n```\n"""\nf(2)\n```\nIt prints two lines.\n',
      '"""\n```\nf(1)\n```\n"""\nf(2)\n',
    ],
    ['with a fence at its end alone', 'a = 1\n```\n', 'a = 1\n```\n'],
    ['with accents first', '``not a fence', '``not a fence'],
    ['that is empty', '', ''],
    ['behind a sentence', `Here is the program:\n\n\`\`\`python\n${PROGRAM}\`\`\`\n`, PROGRAM],
    [
      'between sentences',
      `Sure! Here is it.\n\`\`\`python\n${PROGRAM}\`\`\`\n\n## Usage\n\n- Run it with \`f(1) == 1\`.\n\nI hope it helps you.`,
      PROGRAM,
    ],
    [
      'before another block',
      `\`\`\`python\n${PROGRAM}\`\`\`\nRun it like this:\n\`\`\`bash\npython f.py\n\`\`\`\n`,
      PROGRAM,
    ],
    [
      'behind a shorter block',
      `First install it:\n\`\`\`bash\npip install x\n\`\`\`\nThen this is the program:\n\`\`\`python\n${PROGRAM}\`\`\`\n`,
      PROGRAM,
    ],
    ['that begins with a comment', '# It prints.\nprint(1)\n', '# It prints.\nprint(1)\n'],
    ['that begins with words', 'import os\nprint(os)\n', 'import os\nprint(os)\n'],
    [
      'that reads like prose',
      'select name from people where age is null\norder by name\n',
      'select name from people where age is null\norder by name\n',
    ],
    [
      'with a fence in its documentation',
      '"""How to use it:\n\n```python\nf(1)\n```\n"""\n',
      '"""How to use it:\n\n```python\nf(1)\n```\n"""\n',
    ],
    ['that is a sentence alone', 'I cannot write this.', 'I cannot write this.'],
    ['behind words that are no sentence', 'Here you go\n```js\na()\n```\n', 'a()\n'],
    ['behind its language', 'python\n~~~\nprint(1)\n~~~\n', 'print(1)\n'],
    ['between rules', '---\n```js\na()\n```\n---\nIt calls a function of yours.\n', 'a()\n'],
    ['of words', 'do this\nand that\nx = 1\n', 'do this\nand that\nx = 1\n'],
  ])('%s comes out as meant, however it is cut', async (_, given, meant) => {
    await expectHoweverCut(programOnly, given, meant);
  });
});

describe('a document', () => {
  it.each([
    ['without a fence', '# T\n\nText.\n', '# T\n\nText.\n'],
    ['in a fence', '```markdown\n# T\n\nText.\n```\n', '# T\n\nText.\n'],
    ['in a fence without a name', '\n```\n# T\n```', '# T\n'],
    ['in a fence that is never closed', '```md\n# T\nText', '# T\nText'],
    [
      'with a block in it',
      '```markdown\n# T\n```js\na();\n```\nText.\n```\n\n',
      '# T\n```js\na();\n```\nText.\n',
    ],
    ['in a longer fence', '````markdown\n# T\n```\na\n```\n````\n', '# T\n```\na\n```\n'],
    ['that begins with a block of a language', '```js\na();\n```\n', '```js\na();\n```\n'],
    [
      'that begins with an example in Markdown',
      '```markdown\n# T\n```\n\nThat is a heading.\n',
      '```markdown\n# T\n```\n\nThat is a heading.\n',
    ],
    [
      'that begins with a block and has more of them',
      '```\na\n```\nText\n```\nb\n```\n',
      '```\na\n```\nText\n```\nb\n```\n',
    ],
    ['with a fence in its middle', 'Text\n```\na\n```\n', 'Text\n```\na\n```\n'],
    ['of white space', ' \n\n', ' \n\n'],
    ['with line ends of Windows', '```markdown\r\n# T\r\n```\r\n', '# T\r\n'],
    ['in a fence that says more', '~~~Markdown title="T"\n# T\n~~~\n', '# T\n'],
    [
      'between a few words',
      'Sure! Here is the letter:\n\n```markdown\n# T\n\nText.\n```\n\n---\n\nLet me know what to change.',
      '# T\n\nText.\n',
    ],
    [
      'with blocks without a name in it',
      '```markdown\n# T\n\n```\nsrc/\n  a.ts\n```\n\nThat is all of it.\n```\n',
      '# T\n\n```\nsrc/\n  a.ts\n```\n\nThat is all of it.\n',
    ],
    [
      'of two examples in Markdown',
      '```md\n# A\n```\n\n```md\n# B\n```\n',
      '```md\n# A\n```\n\n```md\n# B\n```\n',
    ],
    [
      'of an example, a sentence and code',
      '```md\n# A\n```\n\nThat is a heading, and this is code:\n\n```\na()\n```\n',
      '```md\n# A\n```\n\nThat is a heading, and this is code:\n\n```\na()\n```\n',
    ],
    [
      'of a sentence and code',
      'Run this command first:\n\n```\nnpm i\n```\n',
      'Run this command first:\n\n```\nnpm i\n```\n',
    ],
    [
      'of an example and much more',
      'This is how it is written:\n\n```md\n# A\n```\n\n## More\n\nText.\n',
      'This is how it is written:\n\n```md\n# A\n```\n\n## More\n\nText.\n',
    ],
    ['of sentences', 'Dear all,\n\nI write to you.\n', 'Dear all,\n\nI write to you.\n'],
  ])('%s comes out as meant, however it is cut', async (_, given, meant) => {
    await expectHoweverCut(documentOnly, given, meant);
  });
});

describe('a table', () => {
  it.each([
    ['of separated values', 'a,b\n1,2\n', 'a,b\n1,2\n'],
    ['in a fence', '```csv\na,b\n1,2\n```', 'a,b\n1,2\n'],
    ['behind a sentence', 'Here is the table:\n\n```\na;b\n1;2\n```', 'a;b\n1;2\n'],
    ['in Markdown', '| a | b |\n| --- | :-: |\n| 1 | 2 |\n', 'a,b\n1,2\n'],
    ['in Markdown without its outer bars', 'a | b\n--|--\n1 | 2', 'a,b\n1,2\n'],
    [
      'in Markdown with bars, commas, quotes and line breaks in its cells',
      '|a|b|\n|-|-|\n| 1, \\| 2 | say "x"<br>y |\n||z|\n',
      'a,b\n"1, | 2","say ""x""\ny"\n,z\n',
    ],
    [
      'in Markdown, in a fence',
      'Here it is.\n```markdown\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n',
      'a,b\n1,2\n',
    ],
    [
      'in Markdown between sentences',
      'Here is the table:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nI hope that it helps you.',
      'a,b\n1,2\n',
    ],
    ['of one column in Markdown', '| a |\n|---|\n| 1 |\n', 'a\n1\n'],
    ['with bars in its cells', 'a|b,c\n1|2,3\n', 'a|b,c\n1|2,3\n'],
    ['of one column', 'name\nAda\n', 'name\nAda\n'],
    ['behind a sentence alone', 'Sure, here is the table:\n\na,b\n1,2\n', 'a,b\n1,2\n'],
    ['with a title that is no sentence', 'Sales: 2024\n\na,b\n1,2\n', 'Sales: 2024\n\na,b\n1,2\n'],
    ['with a column named by a colon', 'Name:\nAda,1\n', 'Name:\nAda,1\n'],
    ['that is one cell', 'name', 'name'],
  ])('%s comes out as meant, however it is cut', async (_, given, meant) => {
    await expectHoweverCut(tableOnly, given, meant);
  });
});

it.each<[string, Reader]>([
  ['a program', programOnly],
  ['a document', documentOnly],
  ['a table', tableOnly],
])('%s is the same, however it is cut', async (_, read) => {
  const unit = fc.constantFrom('`', '```', '\n', 'a', ' ', '|', '-', 'Some words. ', '```md\n');
  const cuts = fc.array(fc.nat(40));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit }), cuts, async (given, at) => {
      const places = [0, ...at.sort((a, b) => a - b), given.length];
      const pieces = places.slice(1).map((to, i) => given.slice(places[i], to));
      expect(await pass(read, ...pieces)).toBe(await pass(read, given));
    }),
  );
});

it('what is shown of a document that begins anew is what is saved', async () => {
  const given = '```markdown\n# T\n```\nThat is a heading.\n';
  const pieces: Piece[] = [];
  async function* cut() {
    yield* given;
  }
  for await (const piece of documentOnly(cut())) pieces.push(piece);
  expect(pieces.filter((piece) => piece === RESTART)).toHaveLength(1);
  expect(pieces.slice(pieces.indexOf(RESTART) + 1).join('')).toBe(given);
});

it('a document that begins with words is shown from its first letter on', async () => {
  const given = 'Dear all,\n\nI write to you.\n\nYours\n';
  let read = '';
  async function* cut() {
    for (const letter of given) {
      read += letter;
      yield letter;
    }
  }
  let shown = '';
  for await (const piece of documentOnly(cut())) {
    expect(piece).not.toBe(RESTART);
    shown += String(piece);
    expect(shown).toBe(read);
  }
  expect(shown).toBe(given);
});

it.each<[string, Reader, string]>([
  ['a program', programOnly, 'name,value\nalpha,beta gamma'],
  ['a table', tableOnly, 'name,value\nalpha,beta gamma'],
  ['a program of statements', programOnly, 'import os\nimport sys'],
])('%s is shown from its first line on', async (_, read, given) => {
  let shown = '';
  async function* cut() {
    yield given;
    expect(shown).toContain(given.split('\n', 1)[0]);
    yield ' and more\n';
  }
  for await (const piece of read(cut())) shown += String(piece);
});

it('a few words before the fence around a document are withdrawn when it comes', async () => {
  const pieces: Piece[] = [];
  async function* cut() {
    yield* 'Here it is:\n\n```markdown\n# T\n```\n';
  }
  for await (const piece of documentOnly(cut())) pieces.push(piece);
  const at = pieces.indexOf(RESTART);
  expect(pieces.slice(0, at).join('')).toBe('Here it is:\n\n');
  expect(pieces.slice(at + 1).join('')).toBe('# T\n');
});

describe('one line without an end costs time in proportion to it', () => {
  it.each([
    ['prose before a program', programOnly, 'word '],
    ['a fence before a program', programOnly, '```'],
    ['white space before a document', documentOnly, '     '],
    ['a fence before a document', documentOnly, '```'],
    ['prose before a table', tableOnly, 'word '],
  ])('%s', async (_, read, piece) => {
    await expectLinearWhileWaiting((size) => {
      async function* given() {
        for (let at = 0; at < size; at += 1) yield piece;
      }
      return async () => {
        for await (const out of read(given())) expect(out).not.toBe(RESTART);
      };
    }, 1_000);
  });
});
