import { describe, expect, test } from 'vitest';
import { readToolArguments } from '@/lib/models/adapter/tool-arguments';
import { createToolCallReader } from '@/lib/models/adapter/tool-calls';
import fc from '@/tests/support/fast-check';

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

  test('that repeat an index are told apart by their ids', () => {
    const { calls } = read([
      { index: 0, id: 'a', function: fn('f', '{}') },
      { index: 0, id: 'b', function: fn('f', '{}') },
    ]);
    expect(calls).toHaveLength(2);
  });
});

test('what is no call at all is passed over', () => {
  expect(read([null, 'x', 7, {}]).calls).toEqual([]);
});
