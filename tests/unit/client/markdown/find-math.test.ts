import { describe, expect, it } from 'vitest';
import {
  hasDefinitions,
  hasMath,
  LITERAL_MARK,
  normalizeMath,
} from '@/lib/client/markdown/find-math';
import { mathSyntax } from '@/lib/client/markdown/math-syntax';
import { parseWholeText } from '@/lib/client/markdown/references';
import { expectLinear } from '@/tests/support/linear-time';

describe('math', () => {
  it.each([
    'It costs $5 and $10.',
    'Between $5-$10, or $5–$6.',
    'That is $100 or more, not $200.',
    '$5$6',
    'Set $HOME and $PATH.',
    'A $1.50/month plan and a $2/month plan',
    'Use `$x$` in code, and ``$`y`$``.',
    'An escaped \\$x\\$',
    'Only $x',
    'see \\[1\\] and \\[note\\]',
    '\\[note\\]',
    'Lua \\[a] \\(',
    'Write \\( \\) or \\(\\), \\[ \\] or \\[\\].',
  ])('is not detected in %j', (text) => {
    expect(normalizeMath(text)).toBe(text);
    expect(hasMath(normalizeMath(text))).toBe(false);
  });

  it.each([
    ['Let $x$ be $x^2 + 1$.', 'Let $$x$$ be $$x^2 + 1$$.'],
    ['so \\(a_1\\) holds', 'so $$a_1$$ holds'],
    ['$$E = mc^2$$', '$$\nE = mc^2\n$$'],
    ['inline $$y$$ here', 'inline $$y$$ here'],
    ['\\[\n\\frac{1}{2}\n\\]', '$$\n\\frac{1}{2}\n$$'],
    ['- item:\n  \\[ x \\]\n', '- item:\n  $$\n  x\n  $$\n'],
    ['costs $5 but $n=3$', 'costs $5 but $$n=3$$'],
    ['so \\[x^2\\] holds', 'so $$x^2$$ holds'],
    ['\\[ x \\]', '$$\nx\n$$'],
    ['so \\\\(a_1\\\\) and \\\\[ x = 1 \\\\]', 'so $$a_1$$ and $$x = 1$$'],
    ['$f(x)$ and $-1$', '$$f(x)$$ and $$-1$$'],
    ['> $$\n> x > 1\n> $$', '> $$\n> x > 1\n> $$'],
    ['> \\[ x = 1 \\]\n> so', '> $$\n> x = 1\n> $$\n> so'],
    ['> so $$\n> x\n> $$ holds', '> so $$x$$ holds'],
    ['- > $$x$$\n', '- > $$\n  > x\n  > $$\n'],
  ])('is detected in %j', (text, expected) => {
    expect(normalizeMath(text)).toBe(expected);
  });
});

/** The formulas of a text, as the page shows them. */
function formulasOf(text: string): string[] {
  const formulas: string[] = [];
  const pending: unknown[] = parseWholeText(text, mathSyntax).nodes;
  for (let node = pending.shift(); node; node = pending.shift()) {
    const { type, value, children } = node as { type: string; value: string; children?: unknown[] };
    if (type === 'math' || type === 'inlineMath') formulas.push(value.trim());
    pending.unshift(...(children ?? []));
  }
  return formulas;
}

describe('formulas over several lines', () => {
  it.each([
    ['> $$\n> x\n> $$\n> text', ['x']],
    ['>$$\n>x\n>$$', ['x']],
    [
      '> \\[\n> \\begin{cases}\n> a > b\n> \\end{cases}\n> \\]',
      ['\\begin{cases}\na > b\n\\end{cases}'],
    ],
    ['> $$\n> a\n>\n> b\n> $$', ['a\n\nb']],
    ['> - a\n>   $$\n>   y\n>   $$\n> - b', ['y']],
    ['- > $$\n  > y\n  > $$', ['y']],
    ['> a $$\n\nb $$', []],
    ['The formula is: $$\nx^2\n$$\n\nNext.\n\nAnd $$y$$ in it.', ['x^2', 'y']],
    ['So $$x\n= 1\n$$\nNext.\n\nMore.', ['x\n= 1']],
    ['Text $$\nx\n$$ more\n\nnext', ['x']],
    ['Range: $$\n\n$$\nx\n$$\n\nend', ['x']],
    ['costs $$ per item\n$$\nx\n$$\nend', ['x']],
    ['so\n\n$$x^2 +', ['x^2 +']],
    ['- $$ x < y\n\n  a\n- b $$', []],
    ['- $$ x < y\n\n- b', []],
    ['> $$x_1 <\n> y', ['x_1 <\ny']],
    ['so $$x^2 + [a](https://example.org)', []],
    ['$$ \\text{cost} = \\$5 $$', ['\\text{cost} = \\$5']],
  ])('contain only their own lines: %j', (text, formulas) => {
    expect(formulasOf(text)).toEqual(formulas);
  });
});

describe('double dollars that are text', () => {
  it.each([
    'A ($$), B ($$$), C ($$).',
    '$ – cheap\n$$ – moderate\n$$$ – expensive',
    'Price: $$ to $$$, or $$ - $$',
    '**$$** and **$$**',
    'kill $$ pid and echo $$',
    'Also $$ $$ and $$$$.',
  ])('are no formulas: %j', (text) => {
    expect(formulasOf(text)).toEqual([]);
    expect(normalizeMath(text).replaceAll(`\\$${LITERAL_MARK}`, '$')).toBe(text);
  });

  it('are no formulas in a table', () => {
    expect(formulasOf('| a | b |\n|---|---|\n| $$ | $$ |\n| x | $$|y|$$ |')).toEqual(['|y|']);
  });
});

describe('a long word between formula delimiters', () => {
  it('takes linear time', () => {
    expectLinear((size) => {
      const text = `\\(${'a'.repeat(size)}\\)`;
      return () => normalizeMath(text);
    }, 2_000);
  });
});

describe('definitions', () => {
  it('are detected for links and footnotes', () => {
    expect(hasDefinitions('See [a].\n\n[a]: https://example.org')).toBe(true);
    expect(hasDefinitions('See[^1].\n\n[^1]: Note.')).toBe(true);
    expect(hasDefinitions('A [link](x): no')).toBe(false);
  });
});
