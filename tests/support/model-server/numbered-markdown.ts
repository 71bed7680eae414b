/** Numbered tokens in Markdown as a model writes it: headings, lists, tables, code, math, links. */

/** Returns the text of the next token. */
type NextToken = () => string;

const BLOCKS: Array<(t: NextToken) => string[]> = [
  (t) => [`## A heading with ${t()}`, `and ${t()}`, '\n\n'],
  (t) => [
    ...repeat(12, () => `${t()} `),
    `**bold ${t()} `,
    `and ${t()}**, `,
    `*slanted ${t()}*, `,
    `\`code ${t()} `,
    `and ${t()}\`, `,
    `[a link ${t()} `,
    `to ${t()}](https://example.com/page) `,
    ...repeat(12, () => `${t()} `),
    '\n\n',
  ],
  (t) =>
    repeat(6, () => [`- an item with ${t()} `, `and **${t()}**`, '\n'])
      .flat()
      .concat('\n'),
  (t) => [
    '| Left | Right |\n| :--- | ---: |\n',
    ...repeat(6, () => [`| ${t()} `, `| **${t()}** `, '|\n']).flat(),
    '\n',
  ],
  (t) => [
    '```ts\n',
    ...repeat(8, () => [`const a = "${t()}"; `, `// ${t()}`, '\n']).flat(),
    '```\n\n',
  ],
  (t) => [`The sum $x^2 + y^2$ of ${t()} `, `is $$\\frac{a}{b}$$ and ${t()}`, '\n\n'],
];

function repeat<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** Chunks with `count` tokens or a few more, `t0`, `t1`, …; most chunks contain one token. */
export function numberedMarkdown(count: number): string[] {
  const chunks: string[] = [];
  let tokenCount = 0;
  const next = () => `t${tokenCount++}`;
  for (let round = 0; tokenCount < count; round += 1) {
    const block = BLOCKS[round % BLOCKS.length] as (t: NextToken) => string[];
    chunks.push(...block(next));
  }
  return chunks;
}

/** Joins each `size` consecutive chunks into one. */
export function joinInBursts(chunks: string[], size: number): string[] {
  const joined: string[] = [];
  for (let from = 0; from < chunks.length; from += size) {
    joined.push(chunks.slice(from, from + size).join(''));
  }
  return joined;
}
