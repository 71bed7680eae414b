import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { FullMarkdown } from '@/components/markdown/full-markdown';
import { Prose } from '@/components/markdown/prose';
import { plugins as html } from '@/lib/client/markdown/extras/html';
import { safeUrl } from '@/lib/client/markdown/safe-url';
import fc from '@/tests/support/fast-check';

const prose = (text: string) => normal(renderToStaticMarkup(createElement(Prose, { text })));
const full = (text: string, extras: (typeof html)[] = []) =>
  normal(renderToStaticMarkup(createElement(FullMarkdown, { text, extras })));
const normal = (markup: string) =>
  markup
    .replace(/href="([^"]*)"/g, (_, url: string) => `href="${sameAddress(url)}"`)
    .replace(/\s+/g, ' ')
    .replace(/ ?(<[^>]+>) ?/g, '$1');

/** One of the two writes special characters of addresses encoded; browsers do it themselves. */
function sameAddress(url: string): string {
  return encodeURI(decodeURI(url.replace('&gt;', '>').replace('&lt;', '<').replace('&amp;', '&')));
}

const piece = fc.constantFrom(
  'word ',
  'two words',
  '\n',
  '\n\n',
  '  \n',
  '    ',
  '- ',
  '* ',
  '1. ',
  '3) ',
  '- [x] ',
  '- [ ] ',
  '```',
  '```js\n',
  '`',
  '# ',
  '### ',
  '> ',
  '| a | b |\n',
  '|---|:-:|\n',
  '| 1 |\n',
  '---',
  '**',
  '*',
  '_',
  '~~',
  '~',
  '[a](https://example.org)',
  '![p](https://example.org/p.png)',
  '<b>',
  'https://example.org',
  '&amp;',
  '\\*',
  '\\\n',
  '🙂',
  '日本語。',
  '=',
  '<https://example.org>',
);
const markdown = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

describe('markdown', () => {
  it('looks the same drawn lightly as drawn by react-markdown', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(prose(text)).toBe(full(text));
      }),
      { numRuns: 500 },
    );
  }, 30_000);

  it('never loads a picture: it shows where one is', () => {
    for (const draw of [prose, full, (text: string) => full(text, [html])]) {
      const markup = draw('![Plan](https://example.org/p.png) ![](data:image/png;base64,x)');
      expect(markup).not.toContain('<img');
      expect(markup).toContain('href="https://example.org/p.png"');
    }
    expect(
      full('<img src="https://example.org/x.png" srcset="https://e.org/y">', [html]),
    ).not.toMatch(/<img|srcset/i);
  });

  it('opens links beside the chat and tells their pages nothing of it', () => {
    for (const draw of [prose, full, (text: string) => full(text, [html])]) {
      expect(draw('[a](https://example.org)')).toContain(
        '<a href="https://example.org" target="_blank" rel="noopener noreferrer nofollow">',
      );
    }
  });

  it.each([
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](java&#x0A;script:alert(1))',
    '[a](vbscript:x)',
    '[a](data:text/html,x)',
    '<a href="javascript:alert(1)">a</a>',
    '<script>alert(1)</script>',
    '<b onclick="alert(1)">a</b>',
    '<iframe src="https://example.org"></iframe>',
    '<div style="position:fixed;inset:0">a</div>',
    '<style>*{display:none}</style>',
    '<svg onload="alert(1)">',
    '<form action="https://example.org"><button>a</button></form>',
  ])('lets nothing run that a model wrote: %s', (text) => {
    for (const markup of [prose(text), full(text, [html])]) {
      // What is left of it is text, with its angle brackets escaped.
      const tags = markup.match(/<[^>]*>/g)?.join('') ?? '';
      expect(tags).not.toMatch(
        /javascript|vbscript|data:|onclick|onload|style=|<(script|iframe|style|svg|form|button)/i,
      );
    }
  });

  it('keeps harmless HTML', () => {
    expect(full('<details><summary>More</summary>\n\n**bold**\n\n</details>', [html])).toContain(
      '<details><summary>More</summary><p><strong>bold</strong></p></details>',
    );
  });
});

describe('an address', () => {
  it.each(['https://example.org/a:b', 'mailto:a@example.org', '/path', '#note', 'a/b:c', '?q=a:b'])(
    'that is harmless is kept: %s',
    (url) => expect(safeUrl(url)).toBe(url),
  );
  it.each(['javascript:x', ' javascript:x', 'java\nscript:x', 'data:x', 'file:///x', 'blob:x'])(
    'that is not is dropped: %j',
    (url) => expect(safeUrl(url)).toBe(''),
  );
});
