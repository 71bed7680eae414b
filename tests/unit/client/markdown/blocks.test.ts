import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { parseFence, splitBlocks, updateBlocks } from '@/lib/client/markdown/blocks';
import { findMath } from '@/lib/client/markdown/find-math';
import fc from '@/tests/support/fast-check';

/** Fragments that combine into difficult Markdown. */
const fragment = fc.constantFrom(
  'word ',
  'two words',
  '\n',
  '\n\n',
  ' ',
  '  ',
  '    ',
  '\t',
  '- ',
  '* ',
  '1. ',
  '12',
  '2) ',
  '-',
  '1',
  '```',
  '```js\n',
  '``',
  '`',
  '~~~\n',
  '$$',
  '$$\n',
  '$5',
  '\\[',
  '\\]',
  '# ',
  '> ',
  '| a | b |\n',
  '|---|---|\n',
  '<div>',
  '</div>\n',
  '<details>\n',
  '<b>',
  '<!--',
  '-->',
  '---',
  '***',
  '[^1]: note',
  '    code\n',
  '🙂',
  '日本語。',
);
const markdown = fc.array(fragment, { maxLength: 40 }).map((fragments) => fragments.join(''));
const blockTexts = (text: string) => splitBlocks(text).map((block) => block.text);
const RUNS = { numRuns: 1000 };

describe('Markdown blocks', () => {
  it('add up to the whole text', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(blockTexts(text).join('')).toBe(text);
      }),
      RUNS,
    );
  });

  it('before the last one do not change while text arrives', () => {
    fc.assert(
      fc.property(markdown, markdown, (text, more) => {
        const before = splitBlocks(text).slice(0, -1);
        expect(splitBlocks(text + more).slice(0, before.length)).toEqual(before);
      }),
      RUNS,
    );
  });

  it('are the same for a complete and a growing text', () => {
    fc.assert(
      fc.property(fc.array(markdown, { maxLength: 6 }), (additions) => {
        let text = '';
        let blocks = splitBlocks('');
        for (const more of additions) {
          blocks = updateBlocks(blocks, text, text + more);
          text += more;
        }
        expect(blocks).toEqual(splitBlocks(text));
      }),
      RUNS,
    );
  });

  it('start over with a different text', () => {
    expect(updateBlocks(splitBlocks('one\n\ntwo'), 'one\n\ntwo', 'three')).toEqual(
      splitBlocks('three'),
    );
  });

  it('rendered separately look like the whole text', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        // References and raw HTML span blocks; the page renders such a text as a whole at the end.
        fc.pre(!/[<$\\[]/.test(text));
        // After indented code the parser ignores a blank line, so blocks that cannot interrupt a
        // paragraph (an empty item, a list that starts with another number than 1) are ambiguous.
        fc.pre(!/^\s*(?:[-+*]|\d+[.)])\s*$/m.test(text));
        fc.pre(!(/^(?: {4}| {0,3}\t)/m.test(text) && /^\s*(?!1[.)])\d+[.)]/m.test(text)));
        expect(normalizeHtml(blockTexts(text).map(render).join(''))).toBe(
          normalizeHtml(render(text)),
        );
      }),
      { numRuns: 300 },
    );
  });
});

const render = (text: string) =>
  renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [remarkGfm] }, text));
const normalizeHtml = (html: string) => html.replace(/\s+/g, ' ').replace(/> </g, '><');

describe('a Markdown block', () => {
  const singleBlocks = [
    ['code with blank lines', '```js\na\n\nb\n```\n'],
    ['unterminated code', '```js\na\n\n# b\n\n- c'],
    ['a list with blank lines and code in it', '- a\n\n- b\n\n  ```\n  x\n\n  y\n  ```\n\n- c\n'],
    ['a list with an introduction', 'These:\n- a\n\n- b\n'],
    ['a table', '| a | b |\n|---|---|\n| 1 | 2 |\n'],
    ['math with a blank line', '$$\na\n\nb\n$$\n'],
    ['math in brackets', '\\[\na\n\nb\n\\]\n'],
    ['html with markdown in it', '<details>\n<summary>s</summary>\n\ntext\n\n- a\n\n</details>\n'],
    ['a comment', '<!-- a\n\nb -->\n'],
    ['a list after a line that begins with a tag', '<b>a</b>\n- b\n\n    c\n'],
    ['code with a closing fence at another depth', '~~~\n    ~~~\n\na\n~~~\n'],
  ] as const;
  it.each(singleBlocks)('stays whole: %s', (_, text) => {
    expect(blockTexts(text)).toEqual([text]);
  });

  it('does not start at a bracket that is not math', () => {
    const bibliography = '\\[1] Author\n\n\\[2] Author\n';
    expect(blockTexts(bibliography)).toEqual(['\\[1] Author\n\n', '\\[2] Author\n']);
    expect(findMath('\\[1] a \\] b')).toEqual([]);
    expect(findMath('\\[ [0, 1] \\]')).toHaveLength(1);
  });

  it('ends where the next one begins', () => {
    expect(blockTexts('# A\n\ntext\n```js\nx\n```\nmore\n\n- a\n- b\n\nend')).toEqual([
      '# A\n\n',
      'text\n',
      '```js\nx\n```\n',
      'more\n\n',
      '- a\n- b\n\n',
      'end',
    ]);
  });
});

describe('a code block', () => {
  it.each([
    ['```TypeScript\na\n\nb\n```\n', { language: 'typescript', code: 'a\n\nb', closed: true }],
    ['```\nx', { language: '', code: 'x', closed: false }],
    ['```js\nx\n``', { language: 'js', code: 'x', closed: false }],
    ['~~~~ python title="x"\n~~~\n~~~~', { language: 'python', code: '~~~', closed: true }],
    ['```js', { language: 'js', code: '', closed: false }],
    ['  ```\n  x\n    y\n  ```', { language: '', code: 'x\n  y', closed: true }],
  ])('is parsed: %j', (text, expected) => {
    expect(parseFence(text)).toEqual(expected);
  });
});
