import { describe, expect, it } from 'vitest';
import { extractTable } from '@/artifacts/sheet/server/extract-table';
import { extractMarkdown } from '@/artifacts/text/server/extract-markdown';
import { type ContentChunk, RESTART } from '@/lib/server/documents/content-chunks';
import { extractFencedBlock } from '@/lib/server/documents/extract-fenced-block';
import fc from '@/tests/support/fast-check';
import { expectLinearAsync } from '@/tests/support/linear-time';

type ContentExtractor = (chunks: AsyncIterable<string>) => AsyncIterable<ContentChunk>;

async function extract(read: ContentExtractor, ...chunks: string[]): Promise<string> {
  async function* input() {
    yield* chunks;
  }
  let text = '';
  for await (const chunk of read(input())) text = chunk === RESTART ? '' : text + chunk;
  return text;
}

async function expectForAnySplit(
  read: ContentExtractor,
  input: string,
  expected: string,
): Promise<void> {
  expect(await extract(read, input)).toBe(expected);
  expect(await extract(read, ...input)).toBe(expected);
  expect(await extract(read, ...(input.match(/[\s\S]{1,7}/g) ?? []))).toBe(expected);
}

const PROGRAM = 'def f(x):\n    """\n    Example.\n    """\n    return x\n';

describe('a program', () => {
  it.each([
    ['without a fence', 'print(1)\n', 'print(1)\n'],
    ['in a fence', '```python\nprint(1)\n```', 'print(1)\n'],
    ['in a fence of tildes', '~~~python\nprint(1)\n~~~', 'print(1)\n'],
    ['in a long fence', '````js\nconst a = `\n```\n`;\n````\n', 'const a = `\n```\n`;\n'],
    ['with Windows line endings', '```js\r\na();\r\n```\r\n', 'a();\r\n'],
    ['in a fence with whitespace around', '\n ```\nprint(1)\n```\n\n', 'print(1)\n'],
    ['in an unclosed fence', '```js\na()', 'a()'],
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
    ['with a fence only at its end', 'a = 1\n```\n', 'a = 1\n```\n'],
    ['with accented letters first', '``not a fence', '``not a fence'],
    ['that is empty', '', ''],
    ['after a sentence', `Here is the program:\n\n\`\`\`python\n${PROGRAM}\`\`\`\n`, PROGRAM],
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
      'after a shorter block',
      `First install it:\n\`\`\`bash\npip install x\n\`\`\`\nThen this is the program:\n\`\`\`python\n${PROGRAM}\`\`\`\n`,
      PROGRAM,
    ],
    ['that begins with a comment', '# It prints.\nprint(1)\n', '# It prints.\nprint(1)\n'],
    ['that begins with text', 'import os\nprint(os)\n', 'import os\nprint(os)\n'],
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
    ['that is only a sentence', 'I cannot write this.', 'I cannot write this.'],
    ['after text that is not a sentence', 'Here you go\n```js\na()\n```\n', 'a()\n'],
    ['after the name of its language', 'python\n~~~\nprint(1)\n~~~\n', 'print(1)\n'],
    ['between rules', '---\n```js\na()\n```\n---\nIt calls a function of yours.\n', 'a()\n'],
    ['of plain text', 'do this\nand that\nx = 1\n', 'do this\nand that\nx = 1\n'],
  ])('%s is extracted for any split into chunks', async (_, input, expected) => {
    await expectForAnySplit(extractFencedBlock, input, expected);
  });
});

describe('a text document', () => {
  it.each([
    ['without a fence', '# T\n\nText.\n', '# T\n\nText.\n'],
    ['in a fence', '```markdown\n# T\n\nText.\n```\n', '# T\n\nText.\n'],
    ['in an unnamed fence', '\n```\n# T\n```', '# T\n'],
    ['in an unclosed fence', '```md\n# T\nText', '# T\nText'],
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
    ['of whitespace', ' \n\n', ' \n\n'],
    ['with Windows line endings', '```markdown\r\n# T\r\n```\r\n', '# T\r\n'],
    ['in a fence with more text', '~~~Markdown title="T"\n# T\n~~~\n', '# T\n'],
    [
      'between a few words',
      'Sure! Here is the letter:\n\n```markdown\n# T\n\nText.\n```\n\n---\n\nLet me know what to change.',
      '# T\n\nText.\n',
    ],
    [
      'with unnamed blocks in it',
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
      'of an example and much more text',
      'This is how it is written:\n\n```md\n# A\n```\n\n## More\n\nText.\n',
      'This is how it is written:\n\n```md\n# A\n```\n\n## More\n\nText.\n',
    ],
    ['of sentences', 'Dear all,\n\nI write to you.\n', 'Dear all,\n\nI write to you.\n'],
  ])('%s is extracted for any split into chunks', async (_, input, expected) => {
    await expectForAnySplit(extractMarkdown, input, expected);
  });
});

describe('a table', () => {
  it.each([
    ['of separated values', 'a,b\n1,2\n', 'a,b\n1,2\n'],
    ['in a fence', '```csv\na,b\n1,2\n```', 'a,b\n1,2\n'],
    ['after a sentence', 'Here is the table:\n\n```\na;b\n1;2\n```', 'a;b\n1;2\n'],
    ['in Markdown', '| a | b |\n| --- | :-: |\n| 1 | 2 |\n', 'a,b\n1,2\n'],
    ['in Markdown without outer pipes', 'a | b\n--|--\n1 | 2', 'a,b\n1,2\n'],
    [
      'in Markdown with pipes, commas, quotes and line breaks in its cells',
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
    ['with pipes in its cells', 'a|b,c\n1|2,3\n', 'a|b,c\n1|2,3\n'],
    ['of one column', 'name\nAda\n', 'name\nAda\n'],
    ['after a sentence only', 'Sure, here is the table:\n\na,b\n1,2\n', 'a,b\n1,2\n'],
    [
      'with a title that is not a sentence',
      'Sales: 2024\n\na,b\n1,2\n',
      'Sales: 2024\n\na,b\n1,2\n',
    ],
    ['with a column named by a colon', 'Name:\nAda,1\n', 'Name:\nAda,1\n'],
    ['that is one cell', 'name', 'name'],
  ])('%s is extracted for any split into chunks', async (_, input, expected) => {
    await expectForAnySplit(extractTable, input, expected);
  });
});

it.each<[string, ContentExtractor]>([
  ['a program', extractFencedBlock],
  ['a document', extractMarkdown],
  ['a table', extractTable],
])('%s is the same for any split into chunks', async (_, read) => {
  const unit = fc.constantFrom('`', '```', '\n', 'a', ' ', '|', '-', 'Some words. ', '```md\n');
  const cutPoints = fc.array(fc.nat(40));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit }), cutPoints, async (input, at) => {
      const offsets = [0, ...at.sort((a, b) => a - b), input.length];
      const chunks = offsets.slice(1).map((to, i) => input.slice(offsets[i], to));
      expect(await extract(read, ...chunks)).toBe(await extract(read, input));
    }),
  );
});

it('the delivered content of a document that starts over is the stored one', async () => {
  const input = '```markdown\n# T\n```\nThat is a heading.\n';
  const chunks: ContentChunk[] = [];
  async function* chunkStream() {
    yield* input;
  }
  for await (const chunk of extractMarkdown(chunkStream())) chunks.push(chunk);
  expect(chunks.filter((chunk) => chunk === RESTART)).toHaveLength(1);
  expect(chunks.slice(chunks.indexOf(RESTART) + 1).join('')).toBe(input);
});

it('a document that begins with text is delivered from its first letter', async () => {
  const input = 'Dear all,\n\nI write to you.\n\nYours\n';
  let read = '';
  async function* chunkStream() {
    for (const letter of input) {
      read += letter;
      yield letter;
    }
  }
  let delivered = '';
  for await (const chunk of extractMarkdown(chunkStream())) {
    expect(chunk).not.toBe(RESTART);
    delivered += String(chunk);
    expect(delivered).toBe(read);
  }
  expect(delivered).toBe(input);
});

it.each<[string, ContentExtractor, string]>([
  ['a program', extractFencedBlock, 'name,value\nalpha,beta gamma'],
  ['a table', extractTable, 'name,value\nalpha,beta gamma'],
  ['a program of statements', extractFencedBlock, 'import os\nimport sys'],
])('%s is delivered from its first line', async (_, read, input) => {
  let delivered = '';
  async function* chunkStream() {
    yield input;
    expect(delivered).toContain(input.split('\n', 1)[0]);
    yield ' and more\n';
  }
  for await (const chunk of read(chunkStream())) delivered += String(chunk);
});

it('a short introduction before the fence of a document is withdrawn when the fence arrives', async () => {
  const chunks: ContentChunk[] = [];
  async function* chunkStream() {
    yield* 'Here it is:\n\n```markdown\n# T\n```\n';
  }
  for await (const chunk of extractMarkdown(chunkStream())) chunks.push(chunk);
  const at = chunks.indexOf(RESTART);
  expect(chunks.slice(0, at).join('')).toBe('Here it is:\n\n');
  expect(chunks.slice(at + 1).join('')).toBe('# T\n');
});

describe('an endless line', () => {
  it.each([
    ['prose before a program', extractFencedBlock, 'word '],
    ['a fence before a program', extractFencedBlock, '```'],
    ['whitespace before a document', extractMarkdown, '     '],
    ['a fence before a document', extractMarkdown, '```'],
    ['prose before a table', extractTable, 'word '],
  ])('takes linear time: %s', async (_, read, chunk) => {
    await expectLinearAsync((size) => {
      async function* input() {
        for (let at = 0; at < size; at += 1) yield chunk;
      }
      return async () => {
        for await (const out of read(input())) expect(out).not.toBe(RESTART);
      };
    }, 1_000);
  });
});
