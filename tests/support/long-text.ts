/** One section with every kind of block of a text document. */
const section = (i: number) => `## Section ${i}

A paragraph of **words** with [a link](https://example.com/${i}), some \`code\` and *emphasis*, and long
enough to fill several lines of the column, so that it has to be laid out as one that somebody wrote.

- one item of ${i}
- another with $x_${i}$
  - [ ] a task within

| Planet | Moons | Note |
|---|---:|---|
| Mars | ${i} | red |
| Earth | 1 | blue |

\`\`\`js
const value${i} = compute(${i}, 'text');
console.log(value${i});
\`\`\`

> Quotation ${i}.

The last lines of section ${i}, which say nothing in particular about anything but the weather.

`;

/** Markdown of at most this many characters, in numbered sections. */
export function longText(chars: number): string {
  let text = '';
  for (let i = 0; ; i += 1) {
    const next = section(i);
    if (text.length + next.length > chars) return text;
    text += next;
  }
}
