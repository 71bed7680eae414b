import { EditorState } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { schema } from '@/artifacts/text/editor/schema';
import { readMarkdown } from '@/artifacts/text/editor/source';
import { writeMarkdown } from '@/artifacts/text/editor/write-source';
import fc from '@/tests/support/fast-check';

const LONG = `# Title with *emphasis*

Some **bold** text, ~~gone~~, \`code\`, a [link](https://example.com "title"), ![a picture](https://example.com/a.png)
over two lines, <https://example.com> and www.example.com.  
A hard break above, and one\\
with a backslash. snake_case, 5 * 3 and 2~3.

* item
* another
  with a second line

    and a paragraph

  1) nested
  2) more

- [ ] open
- [x] done


| a | b |
|:--|--:|
| 1 | \`x\\|y\` |
| 2 |

\`\`\`ts title="x.ts"
const a = '$x$';
\`\`\`

    indented code

> quote
> > nested
- list right after

Setext
======

***

<details>
<summary>More</summary>

inside *markdown*

</details>

Maths $a_1 * b_2$ and \\(c_3\\), price $5 to $6.

$$
\\frac{a_1}{b_1} * c_1 * d
$$

See [the docs][docs], [docs] and a note[^1].

[docs]: https://example.com/docs 'Docs'
[^1]: The note.
`;

function roundTrip(markdown: string): string {
  const { doc, source } = readMarkdown(markdown);
  doc.check();
  return writeMarkdown(doc, source);
}

describe('a text that nobody touched', () => {
  it.each([
    ['everything', LONG],
    ['nothing', ''],
    ['blanks', ' \n\n  \n'],
    ['no line break at the end', 'a\n\nb'],
    ['line breaks of Windows', '# a\r\n\r\nb  \r\nc\r\n\r\n- x\r\n'],
    ['a mark of the byte order', '\uFEFF# a\n\nb'],
    ['an open fence', 'a\n\n```js\nlet x'],
    ['an open comment', 'a\n\n<!-- b\n\nc'],
    ['characters that stand for maths', 'a \uE000\uE100\uE100\uE001 $x_1$'],
    ['a heading right after a definition', '[x]: https://a.b\na\n===\n'],
    ['a list that begins with nothing', '-\n\n  a\n\n- ```\n  x\n  ```\n'],
  ])('is written to the byte: %s', (_, markdown) => {
    expect(roundTrip(markdown)).toBe(markdown);
  });

  it('is written to the byte, whatever it is', () => {
    fc.assert(
      fc.property(markdown(), (text) => {
        expect(roundTrip(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a text of which one block was changed', () => {
  it('keeps every other block to the byte, and reads as it was left', () => {
    fc.assert(
      fc.property(
        markdown(),
        fc.nat(),
        fc.constantFrom('x', 'a_b', '*', '# '),
        (text, at, typed) => {
          const { doc, source } = readMarkdown(text);
          const places: number[] = [];
          doc.descendants((node, pos) => {
            // What is typed into raw Markdown is Markdown.
            if (node.isTextblock && node.type.name !== 'raw_block') places.push(pos + 1);
          });
          const place = places[at % places.length];
          if (place === undefined) return;
          const changed = EditorState.create({ doc }).tr.insertText(typed, place).doc;
          const index = doc.resolve(place).index(0);
          const written = writeMarkdown(changed, source);
          // Neighbours may have to be written otherwise; what is further away may not.
          for (const [each, block] of source.blocks.entries()) {
            if (Math.abs(each - index) > 1) expect(written).toContain(block.text);
          }
          if (index > 1) {
            const until = written.indexOf((source.blocks[index - 2] as { text: string }).text);
            expect(until).toBeGreaterThanOrEqual(0);
          }
          if (isReadAlike(text)) expect(textOf(readMarkdown(written).doc)).toBe(textOf(changed));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('changes only that block of a long text', () => {
    const { doc, source } = readMarkdown(LONG);
    for (const [index, { text }] of source.blocks.entries()) {
      const start = doc.children.slice(0, index).reduce((sum, node) => sum + node.nodeSize, 0);
      const inside = EditorState.create({ doc }).doc.resolve(start + 1);
      if (!inside.parent.isTextblock) continue;
      const changed = EditorState.create({ doc }).tr.insertText('Zq', start + 1).doc;
      const written = writeMarkdown(changed, source);
      const at = LONG.indexOf(text);
      expect(written.startsWith(LONG.slice(0, at).trimEnd())).toBe(true);
      expect(written.endsWith(LONG.slice(at + text.length).trimStart())).toBe(true);
      expect(written).toContain('Zq');
    }
  });

  it('writes a change that was taken back as it was', () => {
    const { doc, source } = readMarkdown('a\n\nthe _same_ as\n===\n\nc\n');
    const state = EditorState.create({ doc });
    const there = state.apply(state.tr.insertText('x', 5));
    const back = there.apply(there.tr.delete(5, 6));
    expect(back.doc.child(1)).not.toBe(doc.child(1));
    expect(writeMarkdown(back.doc, source)).toBe('a\n\nthe _same_ as\n===\n\nc\n');
  });
});

describe('blocks that come to stand side by side', () => {
  it.each([
    ['two lists', '- a\n\nb\n\n- c\n', 1],
    ['a list and indented code', '- a\n\nb\n\n    c\n', 1],
    ['numbered lists', '1. a\n\nb\n\n1. c\n', 1],
    ['tables', '| a |\n| - |\n\nb\n\n| c |\n| - |\n', 1],
  ])('stay apart: %s', (_, markdown, gone) => {
    const { doc, source } = readMarkdown(markdown);
    const start = doc.children.slice(0, gone).reduce((sum, node) => sum + node.nodeSize, 0);
    const changed = EditorState.create({ doc }).tr.delete(
      start,
      start + doc.child(gone).nodeSize,
    ).doc;
    const again = readMarkdown(writeMarkdown(changed, source)).doc;
    expect(again.children.filter(({ type }) => type.name !== 'raw_block').map(String)).toEqual(
      changed.children.map(String),
    );
  });

  it('are not swallowed by a fence that nobody closed', () => {
    const { doc, source } = readMarkdown('```\ncode');
    const changed = EditorState.create({ doc }).tr.insert(
      doc.content.size,
      schema.node('paragraph', null, schema.text('after')),
    ).doc;
    const again = readMarkdown(writeMarkdown(changed, source)).doc;
    expect(again.children.map(String)).toEqual(changed.children.map(String));
  });
});

describe('what is written', () => {
  const { nodes, marks } = schema;
  const write = (...content: Parameters<typeof nodes.paragraph.create>[1][]) => {
    const blocks = content.map((inline) => nodes.paragraph.create(null, inline));
    return writeMarkdown(nodes.doc.create(null, blocks), readMarkdown('').source).trimEnd();
  };
  const strong = [marks.strong.create()];

  it('has blanks outside of emphasis', () => {
    expect(write([schema.text('a '), schema.text(' b ', strong), schema.text('c')])).toBe(
      'a  **b** c',
    );
  });

  it('escapes what would be Markdown, and nothing else', () => {
    expect(write(schema.text('1. a_b *c* snake_case_x ~5 #'))).toBe(
      '1\\. a\\_b \\*c\\* snake_case_x ~5 #'.replace('a\\_b', 'a_b'),
    );
    expect(write(schema.text('costs $5, $x$'))).toBe('costs \\$5, \\$x\\$');
    expect(write(schema.text('costs $5 a month'))).toBe('costs $5 a month');
    expect(write(schema.text('see https://example.com/a_b, me@example.com'))).toBe(
      'see https://example.com/a_b, me@example.com',
    );
  });

  it('leaves maths as it is, in a block that has changed, too', () => {
    const { doc, source } = readMarkdown('With $a_1 * b_2$ and \\(c_*\\).\n');
    const changed = EditorState.create({ doc }).tr.insertText('Now: ', 1).doc;
    expect(writeMarkdown(changed, source)).toBe('Now: With $a_1 * b_2$ and \\(c_*\\).\n');
  });

  it('goes on in the hand of the text', () => {
    const { doc, source } = readMarkdown('* a _b_\n* c\n');
    const changed = EditorState.create({ doc }).tr.insertText('x', 3).doc;
    expect(writeMarkdown(changed, source)).toBe('* xa _b_\n* c\n');
  });
});

/**
 * Whether the parser reads a block alike whatever stands far before it. It does not after indented code,
 * where it takes a blank line for none (so an empty item, or a list that begins with another number
 * than 1, is one or is not); and a lonely backtick may find its other end in another block.
 */
function isReadAlike(text: string): boolean {
  const deep = /^(?: {4}| {0,3}\t)/m.test(text);
  const doubtful = /^[\s>]*(?:(?:[-+*]|\d+[.)])\s*$|(?!1[.)])\d+[.)])/m.test(text);
  return !(deep && doubtful) && !(text.includes('`') && text.includes('$'));
}

/** All text, without the blanks that Markdown does not keep. */
function textOf(doc: ReturnType<typeof readMarkdown>['doc']): string {
  return doc
    .textBetween(0, doc.content.size, '\n', ' ')
    .replace('<!-- -->', '')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Pieces of Markdown, well-formed and not, in any order and at any distance. No lonely `$$`: what is
 * maths then depends on everything around, where it is drawn as well.
 */
function markdown() {
  const word = fc.constantFrom(
    'a',
    'word',
    'snake_case',
    '*',
    '**',
    '`',
    '[x](y)',
    '<b>',
    '$x_1$',
    '\\',
    '|',
    '~~',
    '&amp;',
    '😀',
    '[^1]',
    '_a_',
    '**b**',
    '`c`',
    '![i](https://x.y/z)',
    'https://a.b',
    '#',
    '1.',
    '-',
    '>',
    '\t',
  );
  const line = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
  const prefix = fc.constantFrom(
    '',
    '',
    '',
    '# ',
    '- ',
    '  - ',
    '1. ',
    '> ',
    '    ',
    '- [ ] ',
    '* ',
    '| ',
    '   ',
    '> - ',
  );
  const lines = fc.array(
    fc.tuple(prefix, line).map((pair) => pair.join('')),
    { minLength: 1, maxLength: 4 },
  );
  const block = fc.oneof(
    { weight: 5, arbitrary: lines.map((each) => each.join('\n')) },
    fc.constantFrom(
      '```js\nx = 1\n\ny\n```',
      '~~~\nopen',
      '---',
      'a\n===',
      '| a | b |\n|---|:-:|\n| 1 | 2 |',
      '<div>\n\nx\n\n</div>',
      '<!-- c -->',
      '$$\na_1\n$$',
      '[x]: https://a.b',
      '[^1]: note',
      '> a\n> b\n\n> c',
      '- a\n\n  b\n\n      code',
    ),
  );
  const gap = fc.constantFrom('\n', '\n\n', '\n\n', '\n\n\n', '\n \n');
  return fc.array(fc.tuple(block, gap), { maxLength: 6 }).map((parts) => parts.flat().join(''));
}
