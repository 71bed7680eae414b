/** Numbered tokens as a model would dress them: headings, lists, tables, code, maths, links. */

/** Takes the text of the next token. */
type Next = () => string;

const BLOCKS: Array<(t: Next) => string[]> = [
  (t) => [`## A heading with ${t()}`, `and ${t()}`, '\n\n'],
  (t) => [
    ...some(12, () => `${t()} `),
    `**bold ${t()} `,
    `and ${t()}**, `,
    `*slanted ${t()}*, `,
    `\`code ${t()} `,
    `and ${t()}\`, `,
    `[a link ${t()} `,
    `to ${t()}](https://example.com/page) `,
    ...some(12, () => `${t()} `),
    '\n\n',
  ],
  (t) =>
    some(6, () => [`- an item with ${t()} `, `and **${t()}**`, '\n'])
      .flat()
      .concat('\n'),
  (t) => [
    '| Left | Right |\n| :--- | ---: |\n',
    ...some(6, () => [`| ${t()} `, `| **${t()}** `, '|\n']).flat(),
    '\n',
  ],
  (t) => [
    '```ts\n',
    ...some(8, () => [`const a = "${t()}"; `, `// ${t()}`, '\n']).flat(),
    '```\n\n',
  ],
  (t) => [`The sum $x^2 + y^2$ of ${t()} `, `is $$\\frac{a}{b}$$ and ${t()}`, '\n\n'],
];

function some<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** Pieces, most of them with one token `t0`, `t1`, …, up to the last one. */
export function numberedMarkdown(count: number): string[] {
  const pieces: string[] = [];
  let made = 0;
  const next = () => `t${made++}`;
  for (let round = 0; made < count; round += 1) {
    const block = BLOCKS[round % BLOCKS.length] as (t: Next) => string[];
    pieces.push(...block(next));
  }
  return pieces;
}

/** So many pieces in one. */
export function bursts(pieces: string[], size: number): string[] {
  const joined: string[] = [];
  for (let from = 0; from < pieces.length; from += size) {
    joined.push(pieces.slice(from, from + size).join(''));
  }
  return joined;
}
