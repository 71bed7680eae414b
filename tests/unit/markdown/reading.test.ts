import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from '@/components/markdown/markdown';

const draw = (text: string, streaming = false) =>
  renderToStaticMarkup(createElement(Markdown, { text, streaming }));

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#x27': "'" };

/** What is read, without what code blocks add. */
const seen = (html: string) =>
  html
    .replace(/<figcaption>.*?<\/figcaption>/gs, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&([a-z#0-9]+);/g, (_, name: string) => ENTITIES[name] as string)
    .replace(/\s+/g, ' ')
    .trim();
const all = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, 'gs'))].map((match) =>
    seen(match[1] as string),
  );

describe('Markdown is read as it is meant', () => {
  it('beside the punctuation of Chinese, Japanese and Korean', () => {
    const html = draw(
      '本季**“成本下降”**是主因。**结论：**可以发布。 結論は**「延期」**です。**「甲」**と**「乙」**を比べる。 이것은 **“초안”**입니다.',
    );
    expect(all(html, 'strong')).toEqual([
      '“成本下降”',
      '结论：',
      '「延期」',
      '「甲」',
      '「乙」',
      '“초안”',
    ]);
    expect(seen(html)).not.toContain('*');
  });

  it('and ends an address before the punctuation of Chinese and Japanese', () => {
    const html = draw(
      '资料在 https://docs.example.org/a?x=1（第2节），请看。另见https://example.net/p。谢谢。见 https://example.org。**重要**',
    );
    expect([...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'https://docs.example.org/a?x=1',
      'https://example.net/p',
      'https://example.org',
    ]);
    expect(all(html, 'strong')).toEqual(['重要']);
    expect(draw('[资料](https://example.org/路径（一）)')).toContain(
      'href="https://example.org/路径（一）"',
    );
    expect(seen(draw('`https://example.org（a）`'))).toBe('https://example.org（a）');
  });

  it.each([
    'Match **/*.css but not __main__.py; 2*3*4, snake_case_name_ and 5 * 6.',
    'src/**/*.ts and lib/**/*.ts, *.js or *.mjs',
    '__init__(self) and __init__.py',
    'List<String> and Map<K, V>, <your name here>, vector<int> v, a<b>c</b>.',
    'The tag <think> opens it. Use <thead> and <script>alert(1)</script>.',
    '<script> is a tag. So is <style>.',
    '<!-- ',
    'Use <b> for bold, <div> for a box and <li> for an item.',
    '[Note]: important',
    'see [note] and [a][b] and ![c]',
    'if (a < b && c > d) x <= y',
    'array[0][1] and f(x)[2]',
    'It costs $5 to $6, or $HOME.',
    'a_b_c and 2 ** 3 ** 4',
    '~5 to ~10',
    'AT&T &copy is not',
  ])('with all signs of what is no Markdown: %s', (text) => {
    expect(seen(draw(text))).toBe(text.trim());
  });

  it('with brackets that are escaped', () => {
    expect(seen(draw('see \\[1\\] and \\[note\\]'))).toBe('see [1] and [note]');
  });

  it('with all text of a table, whatever pipes are in it', () => {
    const html = draw(
      '| sign | meaning |\n|---|---|\n| `x | y` | bitwise or |\n| $|x|$ | absolute value |\n| a | b | c |\n| `x` | y |\n',
    );
    expect(all(html, 'td')).toEqual([
      'x | y',
      'bitwise or',
      '$$|x|$$',
      'absolute value',
      'a',
      'b',
      'c',
      'x',
      'y',
    ]);
  });

  it('with definitions that define nothing, and lists of addresses', () => {
    expect(seen(draw('[Docs]: https://example.org\n[Note]: important'))).toBe(
      '[Docs]: https://example.org [Note]: important'.replace(' [Note]', '[Note]'),
    );
    const html = draw(
      'See [the docs][1] and [it].\n\n[1]: https://example.org/a\n\n[it]: https://example.org/b',
    );
    expect(seen(html)).toBe('See the docs and it.');
    expect(html.match(/href="https:\/\/example.org\/[ab]"/g)).toHaveLength(2);
  });

  it('with the HTML that formats something', () => {
    const html = draw(
      '<details>\n<summary>More</summary>\n\nSome **bold** text\n\n- a\n\n</details>\n\nH<sub>2</sub>O, <kbd>Ctrl</kbd>, a<br>b &amp; <u>c</u>',
    );
    expect(html).toMatch(
      /<details[^>]*><summary[^>]*>More<\/summary>.*<strong>bold<\/strong>.*<ul>.*<\/details>/s,
    );
    expect(html).toContain('H<sub>2</sub>O, <kbd>Ctrl</kbd>, a<br/>b &amp; <u>c</u>');
    expect(
      withoutDirections(
        draw('<table>\n<tr><th>a</th></tr>\n<tr><td>b</td><td align="right">c</td></tr>\n</table>'),
      ),
    ).toMatch(
      /<table><tr><th>a<\/th><\/tr><tr><td>b<\/td><td align="right">c<\/td><\/tr><\/table>/,
    );
    expect(withoutDirections(draw('<div align="center">\n\n# Title\n\n</div>'))).toContain(
      '<div align="center"><h1>Title</h1></div>',
    );
  });

  it.each([
    '<details><summary><strong>a</strong> <code>b</code></summary></details>',
    '<h2 align="center"><em>a</em> <code>b</code></h2>',
    '<p align="center"><b>a</b><br/><a href="https://example.org">b</a></p>',
    '<ul><li><b>a</b></li><li><del>b</del></li></ul>',
    '<table><tbody><tr><th><b>a</b></th><td>H<sub>2</sub>O</td></tr></tbody></table>',
    '<dl><dt><b>a</b></dt><dd><i>b</i></dd></dl>',
  ])('with what is formatted within it: %s', (html) => {
    const plain = withoutDirections(draw(html)).replace(/ (?:target|rel)="[^"]*"/g, '');
    expect(plain).toContain(html);
  });
});

describe('notes', () => {
  const text =
    'One[^1], two[^b] and one again[^1].\n\n[^1]: First **note**.\n\n[^b]: Second[^c].\n[^c]: Third.';

  it('are led to and back from, in each answer of a page for itself', () => {
    const html = renderToStaticMarkup(
      createElement(
        'main',
        null,
        createElement(Markdown, { text }),
        createElement(Markdown, { text }),
      ),
    );
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    const ways = [...html.matchAll(/ href="#([^"]+)"/g)].map((match) => match[1]);
    // In each: three notes, and four marks.
    expect(ids).toHaveLength(14);
    expect(new Set(ids).size).toBe(14);
    expect([...ways].sort()).toEqual(
      [...ids, ...ids.filter((id) => false && id)]
        .sort()
        .flatMap((id) => Array.from({ length: ways.filter((way) => way === id).length }, () => id)),
    );
    expect(new Set(ways)).toEqual(new Set(ids));
    expect(ways).toHaveLength(16);
    expect(seen(draw(text))).toMatch(/^One1, two2 and one again1\./);
  });

  it('that nothing refers to are shown where they stand', () => {
    expect(seen(draw('Text.\n\n[^9]: Lonely.'))).toContain('Lonely.');
  });
});

/** Texts of which letter by letter only the end may be missing. */
const ARRIVING = [
  'Match **/*.css but not __main__.py; 2*3*4, snake_case_name_ and 5 * 6.',
  '本季**“成本下降”**是主因。**「甲」**と**「乙」**を比べる。 이것은 **“초안”**입니다.',
  'A **bold word** and *italic* and ***both***, `code` and ``a ` b``, ~~gone~~.',
  'See [the page](https://example.org/a_b) and [note] and array[0][1]. Or https://example.org/x.',
  '# Title\n\nText\n\n- one **two**\n- `three`\n  - four\n\n1. first\n2. second\n\n> quoted *words*\n',
  '| a | b |\n|---|---|\n| `x | y` | **c** |\n| d | e |\n\nAfter.',
  'List<String> and Map<K, V>, vector<int> v, H<sub>2</sub>O, <kbd>Ctrl</kbd> end',
  'Use <thead> and <script>alert(1)</script>. Then <!-- hidden --> more.',
  'It costs $5 to $6, AT&T, a &amp; b, \\*literal\\*, \\[1\\].',
  '<details>\n<summary>More</summary>\n\nInside **it**\n\n</details>\n\nAfter',
  '<details>\n<summary><b>More</b> of <code>it</code>, <i>here</i></summary>\n\nInside\n\n</details>',
  'Title\n=====\n\nText\n\n---\n\nEnd',
  'a __b c__ d _e_ f',
];

describe('Markdown that arrives letter by letter', () => {
  it.each(ARRIVING)('shows no sign that goes away again, and misses none: %j', (text) => {
    const final = seen(draw(text));
    for (let end = 1; end < text.length; end++) {
      const now = seen(draw(text.slice(0, end), true));
      expect(
        final.startsWith(now),
        `${JSON.stringify(text.slice(0, end))} shows ${JSON.stringify(now)}`,
      ).toBe(true);
    }
  });

  it('shows its formatting before that is closed', () => {
    expect(draw('so **bold wor', true)).toContain('<strong>bold wor</strong>');
    expect(draw('so `code wo', true)).toContain('<code dir="ltr">code wo</code>');
    expect(draw('see [the page](https://exam', true)).toContain('see the page');
    expect(draw('- a\n- *b c', true)).toContain('<em>b c</em>');
  });
});

/** Which way a block is written is no part of what these tests look at. */
function withoutDirections(html: string): string {
  return html.replace(/ dir="\w+"/g, '');
}
