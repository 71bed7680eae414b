import { EditorState } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { docToMarkdown } from '@/artifacts/text/editor/doc-to-markdown';
import { markdownToDoc } from '@/artifacts/text/editor/markdown-to-doc';
import { schema } from '@/artifacts/text/editor/schema';
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
  const { doc, source } = markdownToDoc(markdown);
  doc.check();
  return docToMarkdown(doc, source);
}

describe('an unedited text', () => {
  it.each([
    ['every kind of block', LONG],
    ['an empty text', ''],
    ['whitespace', ' \n\n  \n'],
    ['no final line break', 'a\n\nb'],
    ['Windows line endings', '# a\r\n\r\nb  \r\nc\r\n\r\n- x\r\n'],
    ['a byte order mark', '\uFEFF# a\n\nb'],
    ['an unclosed fence', 'a\n\n```js\nlet x'],
    ['an unclosed comment', 'a\n\n<!-- b\n\nc'],
    ['characters that look like math', 'a \uE000\uE100\uE100\uE001 $x_1$'],
    ['a heading directly after a definition', '[x]: https://a.b\na\n===\n'],
    ['a list with an empty first item', '-\n\n  a\n\n- ```\n  x\n  ```\n'],
  ])('is serialized byte by byte: %s', (_, markdown) => {
    expect(roundTrip(markdown)).toBe(markdown);
  });

  it('is serialized byte by byte for any text', () => {
    fc.assert(
      fc.property(markdown(), (text) => {
        expect(roundTrip(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a text with one edited block', () => {
  it('keeps every other block byte by byte, and parses to the edited text', () => {
    fc.assert(
      fc.property(
        markdown(),
        fc.nat(),
        fc.constantFrom('x', 'a_b', '*', '# '),
        (text, at, typed) => {
          const { doc, source } = markdownToDoc(text);
          const blockPositions: number[] = [];
          doc.descendants((node, pos) => {
            // Text typed into raw Markdown is Markdown.
            if (node.isTextblock && node.type.name !== 'raw_block') blockPositions.push(pos + 1);
          });
          const position = blockPositions[at % blockPositions.length];
          if (position === undefined) return;
          const changed = EditorState.create({ doc }).tr.insertText(typed, position).doc;
          const index = doc.resolve(position).index(0);
          const serialized = docToMarkdown(changed, source);
          // Neighbors may have to be serialized differently; blocks further away may not.
          for (const [each, block] of source.blocks.entries()) {
            if (Math.abs(each - index) > 1) expect(serialized).toContain(block.text);
          }
          if (index > 1) {
            const unchangedEnd = serialized.indexOf(
              (source.blocks[index - 2] as { text: string }).text,
            );
            expect(unchangedEnd).toBeGreaterThanOrEqual(0);
          }
          if (parsesContextFree(text))
            expect(textOf(markdownToDoc(serialized).doc)).toBe(textOf(changed));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('changes only that block of a long text', () => {
    const { doc, source } = markdownToDoc(LONG);
    for (const [index, { text }] of source.blocks.entries()) {
      const start = doc.children.slice(0, index).reduce((sum, node) => sum + node.nodeSize, 0);
      const inside = EditorState.create({ doc }).doc.resolve(start + 1);
      if (!inside.parent.isTextblock) continue;
      const changed = EditorState.create({ doc }).tr.insertText('Zq', start + 1).doc;
      const serialized = docToMarkdown(changed, source);
      const at = LONG.indexOf(text);
      expect(serialized.startsWith(LONG.slice(0, at).trimEnd())).toBe(true);
      expect(serialized.endsWith(LONG.slice(at + text.length).trimStart())).toBe(true);
      expect(serialized).toContain('Zq');
    }
  });

  it('is restored exactly when the edit is undone', () => {
    const { doc, source } = markdownToDoc('a\n\nthe _same_ as\n===\n\nc\n');
    const state = EditorState.create({ doc });
    const edited = state.apply(state.tr.insertText('x', 5));
    const reverted = edited.apply(edited.tr.delete(5, 6));
    expect(reverted.doc.child(1)).not.toBe(doc.child(1));
    expect(docToMarkdown(reverted.doc, source)).toBe('a\n\nthe _same_ as\n===\n\nc\n');
  });
});

describe('adjacent blocks', () => {
  it.each([
    ['two lists', '- a\n\nb\n\n- c\n', 1],
    ['a list and indented code', '- a\n\nb\n\n    c\n', 1],
    ['lists after a list in another style', '- a\n\nb\n\n- c\n\n* d\n\n- e\n', 1],
    ['numbered lists', '1. a\n\nb\n\n1. c\n', 1],
    ['tables', '| a |\n| - |\n\nb\n\n| c |\n| - |\n', 1],
  ])('stay separate: %s', (_, markdown, removedBlock) => {
    const { doc, source } = markdownToDoc(markdown);
    const start = doc.children.slice(0, removedBlock).reduce((sum, node) => sum + node.nodeSize, 0);
    const changed = EditorState.create({ doc }).tr.delete(
      start,
      start + doc.child(removedBlock).nodeSize,
    ).doc;
    const reparsed = markdownToDoc(docToMarkdown(changed, source)).doc;
    expect(reparsed.children.filter(({ type }) => type.name !== 'raw_block').map(String)).toEqual(
      changed.children.map(String),
    );
  });

  it('are not swallowed by an unclosed code fence', () => {
    const { doc, source } = markdownToDoc('```\ncode');
    const changed = EditorState.create({ doc }).tr.insert(
      doc.content.size,
      schema.node('paragraph', null, schema.text('after')),
    ).doc;
    const reparsed = markdownToDoc(docToMarkdown(changed, source)).doc;
    expect(reparsed.children.map(String)).toEqual(changed.children.map(String));
  });
});

describe('serialized text', () => {
  const { nodes, marks } = schema;
  const write = (...content: Parameters<typeof nodes.paragraph.create>[1][]) => {
    const blocks = content.map((inline) => nodes.paragraph.create(null, inline));
    return docToMarkdown(nodes.doc.create(null, blocks), markdownToDoc('').source).trimEnd();
  };
  const strong = [marks.strong.create()];

  it('has spaces outside of emphasis', () => {
    expect(write([schema.text('a '), schema.text(' b ', strong), schema.text('c')])).toBe(
      'a  **b** c',
    );
  });

  it('escapes only what would be Markdown', () => {
    expect(write(schema.text('1. a_b *c* snake_case_x ~5 #'))).toBe(
      '1\\. a\\_b \\*c\\* snake_case_x ~5 #'.replace('a\\_b', 'a_b'),
    );
    expect(write(schema.text('costs $5, $x$'))).toBe('costs \\$5, \\$x\\$');
    expect(write(schema.text('costs $5 a month'))).toBe('costs $5 a month');
    expect(write(schema.text('see https://example.com/a_b, me@example.com'))).toBe(
      'see https://example.com/a_b, me@example.com',
    );
  });

  it('keeps math unchanged, also in an edited block', () => {
    const { doc, source } = markdownToDoc('With $a_1 * b_2$ and \\(c_*\\).\n');
    const changed = EditorState.create({ doc }).tr.insertText('Now: ', 1).doc;
    expect(docToMarkdown(changed, source)).toBe('Now: With $a_1 * b_2$ and \\(c_*\\).\n');
  });

  it.each([
    ['见 https://e.org/p，谢谢。**重要**', 'Z见 <https://e.org/p>，谢谢。**重要**'],
    ['请看 www.e.org。或 a@b.com，好', 'Z请看 [www.e.org](http://www.e.org)。或 <a@b.com>，好'],
    ['**结论：**可以 and **「甲」**と', '**Z结论：**可以 and **「甲」**と'],
    ['| s | m |\n|---|---|\n| `x | y` | or |', '| Zs | m |\n| - | - |\n| `x \\| y` | or |'],
    ['> $$\n> x\n> $$\n>\n> text', 'Z> $$\n> x\n> $$\n>\n> text'],
  ])('is edited as the page reads it: %j', (markdown, expected) => {
    const { doc, source } = markdownToDoc(markdown);
    let start = 0;
    doc.descendants((node, position) => {
      if (node.isTextblock && start === 0) start = position + 1;
    });
    const changed = EditorState.create({ doc }).tr.insertText('Z', start).doc;
    expect(docToMarkdown(changed, source)).toBe(expected);
  });

  it('keeps the source of other blocks next to links before Chinese text', () => {
    const other =
      '见 https://e.org/p，甲 https://e.org/q。 \r\n乙\r\n# https://e.org/r、\r\n| `a | b` | c |\r\n|-|-|\r\n| `a | b` | c |  \r\n\r\n';
    const { doc, source } = markdownToDoc(`${other}last\r\n`);
    const changed = EditorState.create({ doc }).tr.insertText('Z', doc.content.size - 1).doc;
    expect(docToMarkdown(changed, source)).toBe(`${other}lastZ\r\n`);
    const first = EditorState.create({ doc }).tr.insertText('Z', 1).doc;
    const unchanged = other.slice(other.indexOf('# '));
    expect(docToMarkdown(first, source).endsWith(`${unchanged}last\r\n`)).toBe(true);
  });

  it('keeps the Markdown style of the text', () => {
    const { doc, source } = markdownToDoc('* a _b_\n* c\n');
    const changed = EditorState.create({ doc }).tr.insertText('x', 3).doc;
    expect(docToMarkdown(changed, source)).toBe('* xa _b_\n* c\n');
  });
});

/**
 * Whether the parser reads each block the same for any distant blocks before it. It does not in two
 * cases: after indented code it ignores a blank line (so an empty item, or a list that starts with
 * another number than 1, may or may not be one); and an unpaired backtick may pair with one in
 * another block.
 */
function parsesContextFree(text: string): boolean {
  const hasIndentedCode = /^(?: {4}| {0,3}\t)/m.test(text);
  const hasAmbiguousItem = /^[\s>]*(?:(?:[-+*]|\d+[.)])\s*$|(?!1[.)])\d+[.)])/m.test(text);
  return !(hasIndentedCode && hasAmbiguousItem) && !(text.includes('`') && text.includes('$'));
}

/** All text, without the whitespace that Markdown does not preserve. */
function textOf(doc: ReturnType<typeof markdownToDoc>['doc']): string {
  return doc
    .textBetween(0, doc.content.size, '\n', ' ')
    .replace('<!-- -->', '')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Fragments of Markdown, well-formed and malformed, in any order and at any distance. No unpaired
 * `$$`: what is math then depends on the text around it, for the renderer as well.
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
