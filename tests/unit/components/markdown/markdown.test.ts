import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from '@/components/markdown/markdown';

const render = (text: string, streaming = false) =>
  renderToStaticMarkup(createElement(Markdown, { text, streaming }));

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#x27': "'" };

/** Longer than any word, in a script whose letters join. */
const UNBROKEN = '\u0645'.repeat(1_250);

/** The visible text, without the captions of code blocks. */
const visibleText = (html: string) =>
  html
    .replace(/<figcaption>.*?<\/figcaption>/gs, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&([a-z#0-9]+);/g, (_, name: string) => ENTITIES[name] as string)
    .replace(/\s+/g, ' ')
    .trim();
const textsOfTag = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, 'gs'))].map((match) =>
    visibleText(match[1] as string),
  );

it.each([
  ['a paragraph', `a ${UNBROKEN}`],
  ['an item', `- ${UNBROKEN}`],
  ['code', `a \`${UNBROKEN}\``],
  ['a text too long for the parser', `${'> '.repeat(500)}${UNBROKEN}`],
])('an unbroken row of joined letters in %s may be broken', (_, text) => {
  const html = render(text);
  expect(html.match(/<wbr\/>/g)).toHaveLength(2);
  expect(html.replaceAll('<wbr/>', '')).toContain(UNBROKEN);
});

describe('Markdown is parsed as intended', () => {
  it('next to Chinese, Japanese and Korean punctuation', () => {
    const html = render(
      '本季**“成本下降”**是主因。**结论：**可以发布。 結論は**「延期」**です。**「甲」**と**「乙」**を比べる。 이것은 **“초안”**입니다.',
    );
    expect(textsOfTag(html, 'strong')).toEqual([
      '“成本下降”',
      '结论：',
      '「延期」',
      '「甲」',
      '「乙」',
      '“초안”',
    ]);
    expect(visibleText(html)).not.toContain('*');
  });

  it.each([
    ['**结论：**A方案更好，使用Python**（蟒蛇）**编程。', ['结论：', '（蟒蛇）']],
    ['👍**“好”**👍，**完成✅**下一步', ['“好”', '完成✅']],
    ['ภาษา**"ไทย"**ไทย', ['"ไทย"']],
    ['**Note:**text and **Done.**Next', ['Note:', 'Done.']],
    ['un**believ**able text**bold** **bold**text', ['believ', 'bold', 'bold']],
  ])('for bold text next to words without a space between them: %s', (text, bold) => {
    const html = render(text);
    expect(textsOfTag(html, 'strong')).toEqual(bold);
    expect(visibleText(html)).toBe(text.replaceAll('**', ''));
  });

  it('for struck-out text next to Chinese punctuation', () => {
    expect(textsOfTag(render('这是~~“删除”~~的内容，和~~旧。~~新。~~a~~ b'), 'del')).toEqual([
      '“删除”',
      '旧。',
      'a',
    ]);
  });

  it('with addresses that end before letters and punctuation that are not part of them', () => {
    const html = render(
      '可以在https://nodejs.org下载。링크: https://e.org/a입니다. (https://e.org/b)를 **https://e.org/c**입니다 www.e.org/d、x «https://e.org/e»، https://e.org/f——是 <https://e.org/g，h> https://zh.e.org/wiki/中文?x=中',
    );
    expect([...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'https://nodejs.org',
      'https://e.org/a',
      'https://e.org/b',
      'https://e.org/c',
      'http://www.e.org/d',
      'https://e.org/e',
      'https://e.org/f',
      'https://e.org/g，h',
      'https://zh.e.org/wiki/中文?x=中',
    ]);
    expect(textsOfTag(html, 'strong')).toEqual(['https://e.org/c']);
  });

  it('with addresses that end before Chinese and Japanese punctuation', () => {
    const html = render(
      '资料在 https://docs.example.org/a?x=1（第2节），请看。另见https://example.net/p。谢谢。见 https://example.org。**重要**',
    );
    expect([...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'https://docs.example.org/a?x=1',
      'https://example.net/p',
      'https://example.org',
    ]);
    expect(textsOfTag(html, 'strong')).toEqual(['重要']);
    expect(render('[资料](https://example.org/路径（一）)')).toContain(
      'href="https://example.org/路径（一）"',
    );
    expect(visibleText(render('`https://example.org（a）`'))).toBe('https://example.org（a）');
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
    'x**2 + y**2 = z**2, and x[1]**2 + y[1]**2',
    'f**k and s***t',
    'Use std::vector<std::string> or <c:out>, not <javascript:x>.',
    'Use <hr> to draw a line, <img> to show a picture.',
    '[Ann]: Hello.',
    '[Time]: 10:30',
    '[Mail]: a@b.c',
    'see [Note].\n\n[Note]: this/that',
    'see \\(the note\\) there',
    'A ($$), B ($$$), C ($$). Price: $$ to $$$, or $$ - $$',
  ])('with all characters that are not markup: %s', (text) => {
    const plainText = text.replace(/\n+/g, '').replace(/\\(?=[()])/g, '');
    expect(visibleText(render(text))).toBe(plainText.trim());
  });

  it('with escaped brackets', () => {
    expect(visibleText(render('see \\[1\\] and \\[note\\]'))).toBe('see [1] and [note]');
  });

  it('with all text of a table, for any pipes in its cells', () => {
    const html = render(
      '| sign | meaning |\n|---|---|\n| `x | y` | bitwise or |\n| $|x|$ | absolute value |\n| a | b | c |\n| `x` | y |\n',
    );
    expect(textsOfTag(html, 'td')).toEqual([
      'x | y',
      'bitwise or',
      '|x|',
      'absolute value',
      'a',
      'b',
      'c',
      'x',
      'y',
    ]);
  });

  it('with pipes in the code and formulas of a table head', () => {
    expect(textsOfTag(render('| `a|b` | $|x|$ |\n|---|---|\n| 1 | 2 |'), 'th')).toEqual([
      'a|b',
      '|x|',
    ]);
  });

  it('with formulas directly before a word', () => {
    expect(visibleText(render('the $n$th and $k$-th of $x$s'))).toBe('the nth and k-th of xs');
  });

  it('with each cited source in its brackets', () => {
    const html = render('Claim [1][2], or [3].\n\n[1]: https://e.org/a\n[2]: https://e.org/b');
    expect(visibleText(html)).toMatch(/^Claim \[1\]\[2\], or \[3\]\./);
    expect(html).toMatch(
      /href="https:\/\/e.org\/a"[^>]*>\[1\].*href="https:\/\/e.org\/b"[^>]*>\[2\]/,
    );
  });

  it.each([
    '- a\n- b',
    '* a\n  * b\n\n* c',
    '1. a\n   ```html\n   </details>\n   ```\n2. b',
    '> quoted',
    '| a |\n|---|\n| b |',
  ])('with a collapsible block that ends directly after its content: %j', (inner) => {
    for (const end of ['</details>', '  </details>']) {
      const html = render(`<details>\n<summary>More</summary>\n${inner}\n${end}\n\nAfter`);
      expect(html).toMatch(
        /<details[^>]*><summary[^>]*>More<\/summary>.*<\/details><p[^>]*>After/s,
      );
      expect(visibleText(html).match(/<\/?details>/g)?.length ?? 0).toBe(
        inner.includes('html') ? 1 : 0,
      );
    }
    const html = render(
      `- item\n  <details>\n  <summary>More</summary>\n  - a\n  </details>\n- item`,
    );
    expect(html).toMatch(/<li[^>]*>.*<details.*<li[^>]*>a<\/li><\/ul><\/details><\/li><li/s);
  });

  it('without links to invalid addresses', () => {
    expect(render('[Ann]: Hello.\n\n[Date]: 2024/01/02\n\n[Tag]: #x')).not.toContain('<a ');
  });

  it('with definitions without a use, and lists of addresses', () => {
    expect(visibleText(render('[Docs]: https://example.org\n[Note]: important'))).toBe(
      '[Docs]: https://example.org [Note]: important'.replace(' [Note]', '[Note]'),
    );
    const html = render(
      'See [the docs][1] and [it].\n\n[1]: https://example.org/a\n\n[it]: https://example.org/b',
    );
    expect(visibleText(html)).toBe('See the docs and it.');
    expect(html.match(/href="https:\/\/example.org\/[ab]"/g)).toHaveLength(2);
  });

  it('with formatting HTML', () => {
    const html = render(
      '<details>\n<summary>More</summary>\n\nSome **bold** text\n\n- a\n\n</details>\n\nH<sub>2</sub>O, <kbd>Ctrl</kbd>, a<br>b &amp; <u>c</u>',
    );
    expect(html).toMatch(
      /<details[^>]*><summary[^>]*>More<\/summary>.*<strong>bold<\/strong>.*<ul>.*<\/details>/s,
    );
    expect(html).toContain('H<sub>2</sub>O, <kbd>Ctrl</kbd>, a<br/>b &amp; <u>c</u>');
    expect(
      withoutDirections(
        render(
          '<table>\n<tr><th>a</th></tr>\n<tr><td>b</td><td align="right">c</td></tr>\n</table>',
        ),
      ),
    ).toMatch(
      /<table><tr><th>a<\/th><\/tr><tr><td>b<\/td><td align="right">c<\/td><\/tr><\/table>/,
    );
    expect(withoutDirections(render('<div align="center">\n\n# Title\n\n</div>'))).toContain(
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
  ])('with formatting inside of it: %s', (html) => {
    const plain = withoutDirections(render(html)).replace(/ (?:target|rel)="[^"]*"/g, '');
    expect(plain).toContain(html);
  });
});

describe('footnotes', () => {
  const text =
    'One[^1], two[^b] and one again[^1].\n\n[^1]: First **note**.\n\n[^b]: Second[^c].\n[^c]: Third.';

  it('are linked in both directions, separately for each answer of a page', () => {
    const html = renderToStaticMarkup(
      createElement(
        'main',
        null,
        createElement(Markdown, { text }),
        createElement(Markdown, { text }),
      ),
    );
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    const fragmentLinks = [...html.matchAll(/ href="#([^"]+)"/g)].map((match) => match[1]);
    // Per answer: three footnotes and four references.
    expect(ids).toHaveLength(14);
    expect(new Set(ids).size).toBe(14);
    expect([...fragmentLinks].sort()).toEqual(
      [...ids]
        .sort()
        .flatMap((id) =>
          Array.from({ length: fragmentLinks.filter((link) => link === id).length }, () => id),
        ),
    );
    expect(new Set(fragmentLinks)).toEqual(new Set(ids));
    expect(fragmentLinks).toHaveLength(16);
    expect(visibleText(render(text))).toMatch(/^One1, two2 and one again1\./);
  });

  it('without a reference are displayed at their position', () => {
    expect(visibleText(render('Text.\n\n[^9]: Lonely.'))).toContain('Lonely.');
  });
});

/** Texts that, streamed letter by letter, are always displayed as a prefix of the final text. */
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
  '1. **[A](https://e.org)** – x\n2. **`code`**: y\n3. ***both** then it* z',
  'Well! [![badge](https://e.org/b.svg)](https://e.org) and ![pic](https://e.org/x.png) end',
  'See [x](https://e.org/a_(b)) end',
  '- [ ] open\n- [x] done\n1. ',
  'Text before\n| a | b |\n| --- | --- |\n| `x \\| y` | 2 |\n\nend',
  'Name | Size\n--- | ---\na | b\n\nend',
  'x**2 + y**2, un**believ**able, x[1]**2 and f(*args, **kwargs) end',
  'def f(*, a) end',
  '*.js or *.mjs, _my_function() and __my_func() and _word_ end',
  '**~~“甲”~~**丙 و*مائل*، <b>**x**</b> and ("<b>") end',
  'A line\\\nand the next',
  'Let\n\n$$\nx\n$$\n\nend, $$y = 1$$ end',
  'Let\n\n\\[\nx\n\\]\n\nend',
  'The formula is: $$\nx\n$$\n\nNext paragraph.',
  '> so\n> $$\n> x\n> $$\n> end',
  '1. Step:\n\n   \\[\n   x = 1\n   \\]\n\n2. Next',
  'A fact[^1] and more[^2].\n\n[^1]: The first note',
];

describe('Markdown that is streamed letter by letter', () => {
  it.each(ARRIVING)('shows no markup that disappears later, and misses none: %j', (text) => {
    // The back link of a footnote appears with its end.
    const read = (html: string) => visibleText(html).replace(/↩/g, '');
    const final = read(render(text.includes('[^1]') ? `${text}\n[^2]: Next` : text));
    for (let end = 1; end < text.length; end++) {
      const now = read(render(text.slice(0, end), true));
      expect(
        final.startsWith(now),
        `${JSON.stringify(text.slice(0, end))} shows ${JSON.stringify(now)}`,
      ).toBe(true);
    }
  });

  it('is formatted before its markup is closed', () => {
    expect(render('so **bold wor', true)).toContain('<strong>bold wor</strong>');
    expect(render('so `code wo', true)).toContain('<code dir="ltr">code wo</code>');
    expect(render('see [the page](https://exam', true)).toContain('see the page');
    expect(render('- a\n- *b c', true)).toContain('<em>b c</em>');
  });
});

/** Removes the `dir` attributes, which these tests do not check. */
function withoutDirections(html: string): string {
  return html.replace(/ dir="\w+"/g, '');
}
