import { describe, expect, test } from 'vitest';
import { isTooComplex } from '@/lib/models/adapter/json-depth';
import { readToolArguments } from '@/lib/models/adapter/tool-arguments';
import { createToolCallReader, MAX_TOOL_CALLS } from '@/lib/models/adapter/tool-calls';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/growth';

/** What a reader made of these deltas; `shown` is what was given of each call as it came. */
function read(deltas: unknown[]) {
  const shown = new Map<string, string>();
  let made = 0;
  const reader = createToolCallReader({
    onArgs({ id }, text) {
      shown.set(id, (shown.get(id) ?? '') + text);
    },
    makeId: () => `made-${made++}`,
  });
  for (const delta of deltas) reader.push(delta);
  return { ...reader.finish(), shown: [...shown.values()] };
}

const fn = (name: string | undefined, args: unknown) => ({ name, arguments: args });

/** Cuts a text at these places. */
function cut(text: string, places: number[]): string[] {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

describe('arguments of a tool call', () => {
  const places = fc.array(fc.nat(), { maxLength: 10 });
  const objects = fc.dictionary(fc.string(), fc.jsonValue());

  test('arrive whole, and are shown as they come', () => {
    fc.assert(
      fc.property(objects, places, (value, at) => {
        const whole = JSON.stringify(value);
        const { calls, shown, unreadable } = read(
          cut(whole, at).map((piece, index) => ({
            index: 0,
            id: index === 0 ? 'a' : undefined,
            function: fn(index === 0 ? 'f' : undefined, piece),
          })),
        );
        expect(unreadable).toBeNull();
        expect(calls).toEqual([{ id: 'a', name: 'f', args: whole }]);
        expect(shown).toEqual([whole]);
      }),
    );
  });

  test('are found between a placeholder and an end mark', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom('', '{}', '{ } '), (value, placeholder) => {
        fc.pre(Object.keys(value).length > 0);
        const args = readToolArguments(`${placeholder}${JSON.stringify(value)}}<|end|>`);
        expect(args).toBe(JSON.stringify(value));
      }),
    );
  });

  test.each([
    ['nothing', '', {}],
    ['null', 'null', {}],
    ['an object, not a text', { city: 'Oslo' }, { city: 'Oslo' }],
    ['encoded twice', JSON.stringify('{"city":"Oslo"}'), { city: 'Oslo' }],
    ['with a brace too many', '{"city":"Oslo"}}', { city: 'Oslo' }],
    ['with white space around', '\n {"city":"Oslo"}\n', { city: 'Oslo' }],
  ])('given as %s are understood', (_, args, expected) => {
    const { calls, unreadable } = read([{ index: 0, id: 'a', function: fn('f', args) }]);
    expect(unreadable).toBeNull();
    expect(JSON.parse(calls[0]?.args ?? '')).toEqual(expected);
  });

  test.each([
    ['cut off', '{"city":"Os'],
    ['no JSON', 'city=Oslo'],
    ['a list', '[1]'],
    ['a text', '"Oslo"'],
    ['wrong inside', '{"city": Oslo}'],
  ])('that are %s are reported, and left as they are', (_, args) => {
    const { calls, unreadable } = read([{ index: 0, id: 'a', function: fn('f', args) }]);
    expect(unreadable).toBe('f');
    expect(calls).toEqual([{ id: 'a', name: 'f', args }]);
  });

  test('of a tool that is not named are no call', () => {
    const { calls, unreadable } = read([{ index: 0, id: 'a', function: fn(undefined, '{}') }]);
    expect(unreadable).toBe('');
    expect(calls).toEqual([]);
  });
});

describe('several calls', () => {
  test('are told apart by their index', () => {
    const { calls } = read([
      { index: 0, id: 'a', function: fn('f', '{"n":') },
      { index: 1, id: 'b', function: fn('g', '{"m":') },
      { index: 0, function: fn(undefined, '1}') },
      { index: 1, function: fn(undefined, '2}') },
    ]);
    expect(calls).toEqual([
      { id: 'a', name: 'f', args: '{"n":1}' },
      { id: 'b', name: 'g', args: '{"m":2}' },
    ]);
  });

  test('without index or id are told apart by their names', () => {
    const { calls } = read([{ function: fn('f', '{"n":1}') }, { function: fn('g', '{"m":2}') }]);
    expect(calls).toMatchObject([
      { id: 'made-0', name: 'f' },
      { id: 'made-1', name: 'g' },
    ]);
  });

  test('with one id for all of them are told apart by their arguments, and get ids of their own', () => {
    const { calls } = read([
      { index: 0, id: 'a', function: fn('f', '{"n":1}') },
      { index: 1, id: 'a', function: fn('f', '{"n":2}') },
      { index: 2, id: 'a', function: fn('g', '{"n":2}') },
    ]);
    expect(calls).toEqual([
      { id: 'a', name: 'f', args: '{"n":1}' },
      { id: 'made-0', name: 'f', args: '{"n":2}' },
      { id: 'made-1', name: 'g', args: '{"n":2}' },
    ]);
  });

  test('that repeat an index are told apart by their ids', () => {
    const { calls } = read([
      { index: 0, id: 'a', function: fn('f', '{}') },
      { index: 0, id: 'b', function: fn('f', '{}') },
    ]);
    expect(calls).toHaveLength(2);
  });
});

describe('one call stays one', () => {
  const city = '{"city":"Oslo"}';

  test('whose name comes with every fragment, however it is cut, with an id or without', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.constantFrom(undefined, 'a'),
        fc.constantFrom(undefined, 0),
        (at, id, index) => {
          const fragments = [...cut('{"a":{"b":"{}"},"c":[{}]}', at), ''];
          const { calls } = read(
            fragments.map((piece) => ({ index, id, function: fn('f', piece) })),
          );
          expect(calls).toMatchObject([{ name: 'f', args: '{"a":{"b":"{}"},"c":[{}]}' }]);
        },
      ),
    );
  });

  test('whose fragments each hold all arguments so far', () => {
    const whole = '{"a":{"b":"{}"},"c":[{}]}';
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (at) => {
        let all = '';
        const snapshots = cut(whole, at).map((piece) => {
          all += piece;
          return all;
        });
        const { calls, shown } = read(
          snapshots.map((args) => ({ index: 0, id: 'a', function: fn('f', args) })),
        );
        expect(calls).toMatchObject([{ name: 'f', args: whole }]);
        expect(shown).toEqual([whole]);
      }),
    );
  });

  test.each([
    ['goes on under another index', ['{"city":', '"Oslo"}'], [0, 1]],
    ['is sent twice, under two indices', [city, city], [0, 1]],
    ['begins with a placeholder', ['{}', city], [0, 0]],
  ])('that %s', (_, pieces, indices) => {
    const { calls } = read(
      pieces.map((piece, i) => ({ index: indices[i], id: 'a', function: fn('f', piece) })),
    );
    expect(calls).toEqual([{ id: 'a', name: 'f', args: city }]);
  });

  test('that goes on without its id under the second of its indices', () => {
    const { calls } = read([
      { index: 0, id: 'a', function: fn('f', '') },
      { index: 1, id: 'a', function: fn('f', '{"city":') },
      { index: 1, function: fn(undefined, '"Oslo"}') },
    ]);
    expect(calls).toEqual([{ id: 'a', name: 'f', args: city }]);
  });
});

describe('arguments that could harm what reads them', () => {
  test('hold no U+0000 when they are shown and when they are complete, however they are cut', () => {
    const whole = JSON.stringify({ 'to\0wn': 'Os\0lo', path: 'C:\\u0000' });
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (at) => {
        const { calls, shown } = read(
          cut(whole, at).map((piece) => ({ index: 0, id: 'a', function: fn('f', piece) })),
        );
        const expected = JSON.stringify({ town: 'Oslo', path: 'C:\\u0000' });
        expect(calls).toMatchObject([{ args: expected }]);
        expect(shown).toEqual([expected]);
      }),
    );
  });

  test.each([
    ['as a text', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['as a value', JSON.parse(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
    ['encoded twice', JSON.stringify(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
  ])('are neither shown nor read where they are nested 20,000 deep, %s', (_, args) => {
    const { calls, shown, unreadable } = read([{ index: 0, id: 'a', function: fn('f', args) }]);
    expect(unreadable).toBe('f');
    expect(calls[0]?.args.length).toBeLessThan(50_000);
    expect(isTooComplex(shown.join(''))).toBe(false);
  });
});

test('what is no call at all is passed over', () => {
  expect(read([null, 'x', 7, {}]).calls).toEqual([]);
});

describe('more calls than one answer may make', () => {
  test.each([
    ['by index', (n: number) => ({ index: n, id: `c${n}` })],
    ['without an index', (n: number) => ({ id: `c${n}` })],
    ['without an id', (n: number) => ({ index: n })],
    ['without either', () => ({})],
  ])('are dropped behind the first that is too many (%s)', (_how, place) => {
    const count = 2 * MAX_TOOL_CALLS;
    const deltas = Array.from({ length: count }, (_, n) => ({
      ...place(n),
      function: fn('getWeather', `{"city":"c${n}"}`),
    }));
    // Pieces of calls that were dropped belong to no other call.
    const { calls } = read([
      ...deltas,
      { ...place(count - 1), function: fn(undefined, '{"x":1}') },
    ]);
    expect(calls.map(({ args }) => args)).toEqual(
      Array.from({ length: MAX_TOOL_CALLS + 1 }, (_, n) => `{"city":"c${n}"}`),
    );
  });
});

describe('arguments of a hostile size', () => {
  test.each([
    ['in a string that never ends', () => '{"a":"}'],
    ['closed, and no arguments', (n: number) => (n === 0 ? '{"a" 1}' : '{}')],
  ])('(%s) cost time in proportion to them', (_how, piece) => {
    expectLinear((size) => {
      const deltas = Array.from({ length: size }, (_, n) => ({
        index: 0,
        id: 'a',
        function: fn('getWeather', piece(n)),
      }));
      return () => read(deltas);
    }, 300);
  });

  test('are shown up to a bound while they come, and are whole in the call', () => {
    const args = JSON.stringify({ text: 'x'.repeat(100_000) });
    const pieces = args.match(/.{1,1000}/g) ?? [];
    const { calls, shown } = read(
      pieces.map((piece, n) => ({ index: 0, id: 'a', function: fn(n ? undefined : 'x', piece) })),
    );
    expect(calls[0]?.args).toBe(args);
    expect(shown[0]?.length).toBeLessThan(25_000);
  });
});
