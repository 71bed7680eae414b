/** Scripted answers of the built-in demo model. It never pretends to understand. */

export const DEMO_NOTICE =
  `*This is the built-in demo: a script, no model is connected.* To talk to a real
one, set \`OPENAI_BASE_URL\` to the address of an OpenAI-compatible endpoint and start again.
`.replace('\n', ' ');

export type Topic = {
  /** Matches user messages that get this answer. */
  keywords: RegExp;
  reasoning?: string;
  answer: string;
};

export const TOPIC_MENU = `I'm a script. Mention one of these:

- **long answer**: enough text to scroll, stop, reload and resume
- **code**, **table**, **math**: how an answer can look
- **reasoning**: reasoning that can be collapsed
- **packing list**, **document**: a text next to the chat, to read, edit and keep
- **plot**, **program**, **spreadsheet**, **web page**: documents that you can run or edit
- **make it shorter**, **suggest changes**: what you can do with a document after that
- **everything**: several of these at once
- **weather in Oslo**: a tool call and its result; this one needs the internet
`;

const CODE = `A function that measures how different two words are, in TypeScript:

\`\`\`ts
/** The Levenshtein distance: insertions, deletions and replacements from \`a\` to \`b\`. */
export function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const removed = previous[column]! + 1;
      const added = current[column - 1]! + 1;
      current.push(Math.min(replaced, removed, added));
    }
    previous = current;
  }
  return previous[b.length]!;
}
\`\`\`

And how to call it from a shell:

\`\`\`bash
node --import tsx -e "import('./distance.ts').then((m) => console.log(m.distance('kitten', 'sitting')))"
\`\`\`
`;

const TABLE = `The inner planets, as a table:

| Planet | Day (hours) | Year (days) | Moons |
| :----- | ----------: | ----------: | ----: |
| Mercury | 4,222.6 | 88.0 | 0 |
| Venus | 2,802.0 | 224.7 | 0 |
| Earth | 24.0 | 365.2 | 1 |
| Mars | 24.7 | 687.0 | 2 |
`;

const MATH = String.raw`The roots of $ax^2 + bx + c = 0$ with $a \neq 0$ are

$$
x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

and the area under the bell curve, $\int_{-\infty}^{\infty} e^{-x^2}\,dx$, is

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi} \approx 1.7725
$$
`;

const REASONING = `A bat and a ball cost 1.10 together. The bat costs 1.00 more than the ball.

The quick answer is 0.10 for the ball. Then the bat would cost 1.10, and both together 1.20: too much.

Let the ball cost b. Then b + (b + 1.00) = 1.10, so 2b = 0.10 and b = 0.05. Check: 0.05 + 1.05 = 1.10.`;

const PARAGRAPHS = [
  'A long answer shows how streaming works. Scroll up during the answer: the view stays where it is, and a button takes you back to the end.',
  'Reload the page during the answer. The answer runs on the server, not in this tab: the text so far is there, and the rest continues.',
  'Open the same chat in a second tab. Both show the same text as it comes, each word once.',
  'Press the stop button. The request to the model is aborted, the partial answer stays, and it does not grow after a reload.',
  'Close the tab and come back later: the finished answer is in the history, with a title that was generated in the background.',
];

const LONG = Array.from(
  { length: 4 },
  (_, round) => `### Part ${round + 1} of 4\n\n${PARAGRAPHS.join('\n\n')}\n`,
).join('\n');

/** The answer is the first topic whose keywords match the message. */
export const TOPICS: Topic[] = [
  {
    keywords: /\b(everything|all of (it|them)|show me all)\b/i,
    reasoning: REASONING,
    answer: [
      'The reasoning above was about a bat and a ball: the ball costs **0.05**.',
      CODE,
      TABLE,
      MATH,
    ].join('\n\n'),
  },
  { keywords: /\b(code|typescript|javascript|python|function|program)\b/i, answer: CODE },
  { keywords: /\b(tables?|planets?)\b/i, answer: TABLE },
  { keywords: /\b(maths?|mathematics|formulas?|equations?|latex)\b/i, answer: MATH },
  {
    keywords: /\b(reason(ing)?|think(ing)?|riddle|puzzle)\b/i,
    reasoning: REASONING,
    answer:
      'A bat and a ball cost 1.10 together, and the bat costs 1.00 more than the ball. **The ball costs 0.05.** Expand the reasoning above to see why it is not 0.10.',
  },
  { keywords: /\b(long|longer|scroll|story|essay|lose)\b/i, answer: LONG },
];
