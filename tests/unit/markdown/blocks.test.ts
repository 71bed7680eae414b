import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { growBlocks, parseFence, splitBlocks } from '@/lib/client/markdown/blocks';
import { findMaths } from '@/lib/client/markdown/features';
import fc from '@/tests/support/fast-check';

/** Pieces of which everything awkward is made. */
const piece = fc.constantFrom(
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
const markdown = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const texts = (text: string) => splitBlocks(text).map((block) => block.text);
const RUNS = { numRuns: 1000 };

describe('blocks', () => {
  it('joined are the text', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(texts(text).join('')).toBe(text);
      }),
      RUNS,
    );
  });

  it('before the last one never change while text arrives', () => {
    fc.assert(
      fc.property(markdown, markdown, (text, more) => {
        const before = splitBlocks(text).slice(0, -1);
        expect(splitBlocks(text + more).slice(0, before.length)).toEqual(before);
      }),
      RUNS,
    );
  });

  it('are the same whether a text comes at once or grows', () => {
    fc.assert(
      fc.property(fc.array(markdown, { maxLength: 6 }), (pieces) => {
        let text = '';
        let blocks = splitBlocks('');
        for (const more of pieces) {
          blocks = growBlocks(blocks, text, text + more);
          text += more;
        }
        expect(blocks).toEqual(splitBlocks(text));
      }),
      RUNS,
    );
  });

  it('start anew where the text is another one', () => {
    expect(growBlocks(splitBlocks('one\n\ntwo'), 'one\n\ntwo', 'three')).toEqual(
      splitBlocks('three'),
    );
  });

  it('drawn apart look like the whole drawn at once', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        // References and raw HTML reach across blocks; the page draws those whole at the end.
        fc.pre(!/[<$\\[]/.test(text));
        // After code the parser takes a blank line for none, so what may not end a paragraph, an
        // empty item or a list that begins with another number than 1, is read in two ways.
        fc.pre(!/^\s*(?:[-+*]|\d+[.)])\s*$/m.test(text));
        fc.pre(!(/^(?: {4}| {0,3}\t)/m.test(text) && /^\s*(?!1[.)])\d+[.)]/m.test(text)));
        expect(normal(texts(text).map(draw).join(''))).toBe(normal(draw(text)));
      }),
      { numRuns: 300 },
    );
  });
});

const draw = (text: string) =>
  renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [remarkGfm] }, text));
const normal = (html: string) => html.replace(/\s+/g, ' ').replace(/> </g, '><');

describe('a block', () => {
  const whole = [
    ['code with blank lines', '```js\na\n\nb\n```\n'],
    ['code that is still arriving', '```js\na\n\n# b\n\n- c'],
    ['a list with blank lines and code in it', '- a\n\n- b\n\n  ```\n  x\n\n  y\n  ```\n\n- c\n'],
    ['an introduced list', 'These:\n- a\n\n- b\n'],
    ['a table', '| a | b |\n|---|---|\n| 1 | 2 |\n'],
    ['maths with a blank line', '$$\na\n\nb\n$$\n'],
    ['maths in brackets', '\\[\na\n\nb\n\\]\n'],
    ['html with markdown in it', '<details>\n<summary>s</summary>\n\ntext\n\n- a\n\n</details>\n'],
    ['a comment', '<!-- a\n\nb -->\n'],
    ['a list after a line that begins with a tag', '<b>a</b>\n- b\n\n    c\n'],
    ['code that holds what would close it, but for its depth', '~~~\n    ~~~\n\na\n~~~\n'],
  ] as const;
  it.each(whole)('stays whole: %s', (_, text) => {
    expect(texts(text)).toEqual([text]);
  });

  it('does not begin with a bracket that is no maths', () => {
    const bibliography = '\\[1] Author\n\n\\[2] Author\n';
    expect(texts(bibliography)).toEqual(['\\[1] Author\n\n', '\\[2] Author\n']);
    expect(findMaths('\\[1] a \\] b')).toEqual([]);
    expect(findMaths('\\[ [0, 1] \\]')).toHaveLength(1);
  });

  it('ends where the next begins', () => {
    expect(texts('# A\n\ntext\n```js\nx\n```\nmore\n\n- a\n- b\n\nend')).toEqual([
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
  ])('is read: %j', (text, expected) => {
    expect(parseFence(text)).toEqual(expected);
  });
});
