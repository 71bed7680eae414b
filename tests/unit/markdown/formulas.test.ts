import { describe, expect, it } from 'vitest';
import { markdownToHtmlPage } from '@/artifacts/text/export/markdown-to-html-page';
import { renderFormula } from '@/lib/client/markdown/render-formula';

describe('a formula that would hold up the page', () => {
  it.each([
    ['a macro that is long and used often', `\\def\\a{${'x'.repeat(3_000)}}${'\\a'.repeat(199)}`],
    ['a command of its own', `\\newcommand{\\a}{${'x'.repeat(3_000)}}${'\\a'.repeat(199)}`],
    ['a macro that comes to much', `\\def\\a{${'\\sqrt x'.repeat(60)}}${'\\a'.repeat(49)}`],
    ['what is nested too deep', '{'.repeat(4_900) + '}'.repeat(4_900)],
    ['what is too long', 'x'.repeat(10_001)],
  ])('stays as it is written, in the chat and in a file: %s', (_, tex) => {
    expect(renderFormula(tex, true) === null).toBe(true);
    const file = markdownToHtmlPage(`before\n\n$$\n${tex}\n$$\n\nafter`, 'Title');
    expect(file).toContain('after');
    expect(file).toContain(tex.slice(0, 20));
  });
});

it('a formula whose macros are used again and again is told to be wrong', () => {
  const html = renderFormula(`\\def\\a{${'x'.repeat(600)}}${'\\a'.repeat(150)}`, true, 'mathml');
  expect(html).toContain('Too many expansions');
  expect(html?.length).toBeLessThan(5_000);
});

it('a formula is set with macros of its own, and reaches nothing', () => {
  expect(renderFormula('\\def\\R{\\mathbb{R}} x \\in \\R', false, 'mathml')).toContain('∈');
  // Not what only begins like a definition.
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
