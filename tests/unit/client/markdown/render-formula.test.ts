import { describe, expect, it } from 'vitest';
import { markdownToHtmlPage } from '@/artifacts/text/export/markdown-to-html-page';
import { renderFormula } from '@/lib/client/markdown/render-formula';

describe('a formula that would block the page', () => {
  it.each([
    ['a long macro with many uses', `\\def\\a{${'x'.repeat(3_000)}}${'\\a'.repeat(199)}`],
    [
      'a long command with many uses',
      `\\newcommand{\\a}{${'x'.repeat(3_000)}}${'\\a'.repeat(199)}`,
    ],
    [
      'a macro with an expensive expansion',
      `\\def\\a{${'\\sqrt x'.repeat(60)}}${'\\a'.repeat(49)}`,
    ],
    ['braces nested too deeply', '{'.repeat(4_900) + '}'.repeat(4_900)],
    ['too many characters', 'x'.repeat(10_001)],
  ])('is displayed as source, in the chat and in an exported file: %s', (_, tex) => {
    expect(renderFormula(tex, true) === null).toBe(true);
    const file = markdownToHtmlPage(`before\n\n$$\n${tex}\n$$\n\nafter`, 'Title');
    expect(file).toContain('after');
    expect(file).toContain(tex.slice(0, 20));
  });
});

it('a formula with too many macro expansions is rendered as an error', () => {
  const html = renderFormula(`\\def\\a{${'x'.repeat(600)}}${'\\a'.repeat(150)}`, true, 'mathml');
  expect(html).toContain('Too many expansions');
  expect(html?.length).toBeLessThan(5_000);
});

it('a formula may define macros, but cannot add links, images or styles', () => {
  expect(renderFormula('\\def\\R{\\mathbb{R}} x \\in \\R', false, 'mathml')).toContain('∈');
  // A command that only begins like a definition is not one.
  expect(renderFormula(`\\left(${'x'.repeat(2_000)}\\right)`, false, 'mathml')).not.toBeNull();
  const html = renderFormula(
    '\\href{javascript:alert(1)}{a}\\includegraphics{http://x.test/b.png}\\htmlStyle{color:red}{c}',
    true,
  );
  expect(html).not.toBeNull();
  expect(html?.replace(/<annotation.*?<\/annotation>/gs, '')).not.toMatch(
    /<a |<img|\bhref=|\bsrc=|style="color:red/,
  );
});
