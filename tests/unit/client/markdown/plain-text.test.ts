import { describe, expect, it } from 'vitest';
import { plainText } from '@/lib/client/markdown/plain-text';

describe('an answer as plain text', () => {
  it.each([
    ['## A *title*\n\nSome **bold** `code`\nand ~~more~~.', 'A title\n\nSome bold code\nand more.'],
    [
      '- one\n- two\n  1. a\n  2. b\n\n     c\n- [x] done',
      '- one\n- two\n  1. a\n  2. b\n\n     c\n- [x] done',
    ],
    ['3. three\n4. four', '3. three\n4. four'],
    ['```ts\nconst a = 1;\n\n  a();\n```', 'const a = 1;\n\n  a();'],
    ['> quoted\n>\n> twice', '> quoted\n>\n> twice'],
    ['| a | b |\n|---|---|\n| 1 | `x|y` |', 'a\tb\n1\tx|y'],
    ['[Docs](https://a.test/x) and https://b.test', 'Docs (https://a.test/x) and https://b.test'],
    ['![a cat](https://a.test/c.png)', 'a cat'],
    ['One<br>two <b>three</b>', 'One\ntwo three'],
    ['It is \\(x^2\\).', 'It is x^2.'],
    ['A claim[^1].\n\n[^1]: Its *source*.', 'A claim[1].\n\n[1] Its source.'],
    ['One\n\n---\n\nTwo', 'One\n\n---\n\nTwo'],
    ['2 * 3 * 4 < 5_000 \\* 1', '2 * 3 * 4 < 5_000 * 1'],
  ])('has no markup: %j', (markdown, text) => {
    expect(plainText(markdown)).toBe(text);
  });

  it('keeps a text that cannot be parsed', () => {
    const text = '> '.repeat(20_000);
    expect(plainText(text)).toContain('> > >');
  });
});
