import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { CodeBlock } from '@/components/markdown/code-block';
import { ImageLink, Link, Table, TaskCheckbox } from '@/components/markdown/elements';
import { Blocks } from '@/components/markdown/markdown-nodes';
import { emphasisSyntax } from '@/lib/client/markdown/emphasis-syntax';
import { GFM_OPTIONS } from '@/lib/client/markdown/parse';
import { extendPageSyntax, parseBlock } from '@/lib/client/markdown/parse-block';
import { safeUrl } from '@/lib/client/markdown/safe-url';
import fc from '@/tests/support/fast-check';

type Element = NonNullable<ExtraProps['node']>;
type Processor = { data: () => object };

/** The text rendered as one block. */
const renderNormalized = (text: string) => normalizeHtml(render(text));
const render = (text: string) => {
  const { nodes } = parseBlock({ kind: 'flow', text }, extendPageSyntax());
  return renderToStaticMarkup(createElement(Blocks, { nodes }));
};

const components = {
  a: ({ href, children }: { href?: string; children?: ReactNode }) =>
    createElement(Link, { href: safeUrl(href ?? '') }, children),
  img: ({ src, alt }: { src?: unknown; alt?: string }) =>
    createElement(ImageLink, { src: String(src ?? ''), alt }),
  input: ({ checked }: { checked?: boolean }) => createElement(TaskCheckbox, { checked }),
  table: ({ children }: { children?: ReactNode }) => createElement(Table, null, children),
  pre: ({ node }: { node?: Element }) => {
    const code = node?.children[0] as Element;
    const language = String(code.properties.className ?? '').replace('language-', '');
    const text = (code.children[0] as { value?: string } | undefined)?.value ?? '';
    return createElement(CodeBlock, { language, code: text.replace(/\n$/, ''), isComplete: true });
  },
};

/** The syntax extensions of the app that deviate from the standard. */
function appSyntax(this: Processor) {
  const data = this.data() as { micromarkExtensions?: unknown[] };
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push(emphasisSyntax, { disable: { null: ['htmlFlow'] } });
}

/** The text rendered by react-markdown. */
const renderReference = (text: string) =>
  normalizeHtml(
    renderToStaticMarkup(
      createElement(
        ReactMarkdown,
        {
          components: components as Components,
          remarkPlugins: [[remarkGfm, GFM_OPTIONS], appSyntax as never],
        },
        text,
      ),
    ),
  );
const normalizeHtml = (markup: string) =>
  markup
    .replace(/ dir="\w+"/g, '')
    .replace(/href="([^"]*)"/g, (_, url: string) => `href="${normalizeUrl(url)}"`)
    .replace(/\s+/g, ' ')
    .replace(/ ?(<[^>]+>) ?/g, '$1');

/** Normalizes percent-encoding: only one of the renderers encodes; browsers do it themselves. */
function normalizeUrl(url: string): string {
  return encodeURI(decodeURI(url.replace('&gt;', '>').replace('&lt;', '<').replace('&amp;', '&')));
}

const fragment = fc.constantFrom(
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
  'https://example.org',
  '&amp;',
  '\\*',
  '\\\n',
  '🙂',
  '日本語 ',
  '=',
  '<https://example.org>',
);
const markdown = fc.array(fragment, { maxLength: 30 }).map((fragments) => fragments.join(''));

describe('the Markdown view', () => {
  it('renders the same with the light renderer as with react-markdown', () => {
    fc.assert(
      fc.property(markdown, (text) => {
        // Cells without a column in the head are kept; react-markdown drops them.
        fc.pre(!/^.*\|.*\|.*\|.*\|/m.test(text));
        // URLs end before such letters; by the standard the letters are part of the URL.
        fc.pre(!/example\.org[*~]*日/.test(text));
        expect(renderNormalized(text)).toBe(renderReference(text));
      }),
      { numRuns: 500 },
    );
  });

  it('sets the direction of each block from its own first letter, outside code', () => {
    expect(render('> `code` ציטוט')).toContain('<blockquote dir="rtl"><p dir="auto"');
    expect(render('> 1. quoted')).toContain('<blockquote dir="ltr">');
    expect(render('| שם | b |\n| - | - |\n| 1 | 2 |')).toContain('<table dir="rtl">');
    expect(render('- one\n- שתיים\n\n# כותרת')).toMatch(
      /<li dir="auto".*<li dir="auto".*<h1 dir="auto"/s,
    );
    // `dir="auto"` ignores children that have their own `dir`.
    expect(render('- שתיים\n\n- one')).toMatch(/<li dir="rtl".*<li dir="ltr"/s);
    expect(render('ראו https://example.org/a')).toContain('dir="ltr">https://example.org/a</a>');
    expect(render('[שלום](https://example.org)')).not.toContain('dir="ltr"');
    expect(render('`a` טקסט')).toContain('<code dir="ltr">');
    expect(
      render('<details><summary><code>npm</code> פרטים</summary>\n\nx\n\n</details>'),
    ).toContain('<details dir="rtl"><summary dir="rtl"><code>npm</code> פרטים</summary>');
  });

  it('loads no images and shows links to them instead', () => {
    for (const renderer of [renderNormalized, renderReference]) {
      const markup = renderer('![Plan](https://example.org/p.png) ![](data:image/png;base64,x)');
      expect(markup).not.toContain('<img');
      expect(markup).toContain('href="https://example.org/p.png"');
    }
    expect(
      renderNormalized('<img src="https://example.org/x.png" srcset="https://e.org/y">'),
    ).not.toMatch(/<img|srcset/i);
  });

  it('opens links in a new tab without a referrer', () => {
    for (const renderer of [renderNormalized, renderReference]) {
      expect(renderer('[a](https://example.org)')).toContain(
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
  ])('runs nothing that a model wrote: %s', (text) => {
    for (const markup of [renderNormalized(text)]) {
      // The rest is text with escaped angle brackets.
      const tags = markup.match(/<[^>]*>/g)?.join('') ?? '';
      expect(tags).not.toMatch(
        /javascript|vbscript|data:|onclick|onload|style=|<(script|iframe|style|svg|form|button)/i,
      );
    }
  });

  it('keeps safe HTML', () => {
    expect(
      renderNormalized('<details><summary>More</summary>\n\n**bold**\n\n</details>'),
    ).toContain('<details><summary>More</summary><p><strong>bold</strong></p></details>');
  });
});

describe('an address', () => {
  it.each(['https://example.org/a:b', 'mailto:a@example.org', '/path', '#note', 'a/b:c', '?q=a:b'])(
    'is kept if it is safe: %s',
    (url) => expect(safeUrl(url)).toBe(url),
  );
  it.each(['javascript:x', ' javascript:x', 'java\nscript:x', 'data:x', 'file:///x', 'blob:x'])(
    'is removed if it is unsafe: %j',
    (url) => expect(safeUrl(url)).toBe(''),
  );
});
