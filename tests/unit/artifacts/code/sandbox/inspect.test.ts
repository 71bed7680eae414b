import { describe, expect, it } from 'vitest';
import { format, inspect } from '@/artifacts/code/sandbox/inspect';

describe('inspect', () => {
  it.each<[unknown, string]>([
    ['text', "'text'"],
    ["it's", '"it\'s"'],
    ['a\n"b"', '\'a\\n"b"\''],
    [-0, '-0'],
    [10n, '10n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 'a', [null]], "[1, 'a', [null]]"],
    [{ a: 1, 'b-c': { d: [] } }, "{ a: 1, 'b-c': { d: [] } }"],
    [new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
    [new Set([1, 2]), 'Set(2) { 1, 2 }'],
    [new Uint8Array([1, 2]), 'Uint8Array(2) [1, 2]'],
    [
      new (class Point {
        x = 1;
      })(),
      'Point { x: 1 }',
    ],
    [Object.create(null), '[no prototype] {}'],
    [/a+/g, '/a+/g'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [Symbol('s'), 'Symbol(s)'],
    [Math.max, '[function max]'],
    [class A {}, '[class A]'],
    [{ a: { b: { c: { d: { e: 1 } } } } }, '{ a: { b: { c: { d: {…} } } } }'],
  ])('formats %o as %s', (value, expected) => {
    expect(inspect(value)).toBe(expected);
  });

  it('wraps long values and truncates huge ones', () => {
    const longArray = Array.from({ length: 150 }, (_, index) => index);
    const lines = inspect(longArray).split('\n');
    expect(lines).toHaveLength(103);
    expect(lines.at(-2)).toBe('  … 50 more');
  });

  it('terminates for circular values and for values that throw', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(inspect(circle)).toBe('{ a: 1, self: [circular] }');
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(inspect(trap)).toBe('[a value that cannot be displayed]');
  });
});

describe('format', () => {
  it('leaves plain texts unchanged and fills in placeholders', () => {
    expect(format(['a', 1, { b: 'c' }])).toBe("a 1 { b: 'c' }");
    expect(format(['%s is %d, %i%% of %o%c!', 'x', 4.5, 7.9, ['y'], 'color: red', 'end'])).toBe(
      "x is 4, 7% of ['y']! end",
    );
    expect(format(['%s and %s', 'one'])).toBe('one and %s');
  });
});
