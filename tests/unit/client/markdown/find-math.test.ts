import { describe, expect, it } from 'vitest';
import { hasDefinitions, hasMath, normalizeMath } from '@/lib/client/markdown/find-math';

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
  ])('is detected in %j', (text, expected) => {
    expect(normalizeMath(text)).toBe(expected);
  });
});

describe('definitions', () => {
  it('are detected for links and footnotes', () => {
    expect(hasDefinitions('See [a].\n\n[a]: https://example.org')).toBe(true);
    expect(hasDefinitions('See[^1].\n\n[^1]: Note.')).toBe(true);
    expect(hasDefinitions('A [link](x): no')).toBe(false);
  });
});
