import { describe, expect, test } from 'vitest';
import { isTooComplex } from '@/lib/server/models/adapter/endpoint-json';
import { parseToolArguments } from '@/lib/server/models/adapter/tool-arguments';
import { createToolCallReader, MAX_TOOL_CALLS } from '@/lib/server/models/adapter/tool-calls';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/linear-time';

/** Reads tool calls from deltas; `streamedArgs` has the arguments streamed for each call. */
function readToolCalls(deltas: unknown[]) {
  const streamedArgs = new Map<string, string>();
  let idCount = 0;
  const reader = createToolCallReader({
    onArgs({ id }, text) {
      streamedArgs.set(id, (streamedArgs.get(id) ?? '') + text);
    },
    createId: () => `made-${idCount++}`,
  });
  for (const delta of deltas) reader.push(delta);
  return { ...reader.finish(), streamedArgs: [...streamedArgs.values()] };
}

const fn = (name: string | undefined, args: unknown) => ({ name, arguments: args });

/** Splits a text at these offsets. */
function splitAt(text: string, offsets: number[]): string[] {
  const boundaries = [...offsets.map((offset) => offset % (text.length + 1)), text.length].sort(
    (a, b) => a - b,
  );
  return boundaries.map((end, index) => text.slice(boundaries[index - 1] ?? 0, end));
}

describe('the arguments of a tool call', () => {
  const offsets = fc.array(fc.nat(), { maxLength: 10 });
  const objects = fc.dictionary(fc.string(), fc.jsonValue());

  test('arrive completely and are streamed', () => {
    fc.assert(
      fc.property(objects, offsets, (value, cutPoints) => {
        const json = JSON.stringify(value);
        const { calls, streamedArgs, unparsableName } = readToolCalls(
          splitAt(json, cutPoints).map((fragment, index) => ({
            index: 0,
            id: index === 0 ? 'a' : undefined,
            function: fn(index === 0 ? 'f' : undefined, fragment),
          })),
        );
        expect(unparsableName).toBeNull();
        expect(calls).toEqual([{ id: 'a', name: 'f', args: json }]);
        expect(streamedArgs).toEqual([json]);
      }),
    );
  });

  test('are found between a placeholder and an end mark', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom('', '{}', '{ } '), (value, placeholder) => {
        fc.pre(Object.keys(value).length > 0);
        const args = parseToolArguments(`${placeholder}${JSON.stringify(value)}}<|end|>`);
        expect(args).toBe(JSON.stringify(value));
      }),
    );
  });

  test.each([
    ['nothing', '', {}],
    ['null', 'null', {}],
    ['an object instead of a text', { city: 'Oslo' }, { city: 'Oslo' }],
    ['encoded twice', JSON.stringify('{"city":"Oslo"}'), { city: 'Oslo' }],
    ['with one brace too many', '{"city":"Oslo"}}', { city: 'Oslo' }],
    ['with whitespace around', '\n {"city":"Oslo"}\n', { city: 'Oslo' }],
  ])('are accepted as %s', (_, args, expected) => {
    const { calls, unparsableName } = readToolCalls([
      { index: 0, id: 'a', function: fn('f', args) },
    ]);
    expect(unparsableName).toBeNull();
    expect(JSON.parse(calls[0]?.args ?? '')).toEqual(expected);
  });

  test.each([
    ['truncated', '{"city":"Os'],
    ['not JSON', 'city=Oslo'],
    ['a list', '[1]'],
    ['a text', '"Oslo"'],
    ['invalid inside', '{"city": Oslo}'],
  ])('are reported and left unchanged when they are %s', (_, args) => {
    const { calls, unparsableName } = readToolCalls([
      { index: 0, id: 'a', function: fn('f', args) },
    ]);
    expect(unparsableName).toBe('f');
    expect(calls).toEqual([{ id: 'a', name: 'f', args }]);
  });

  test('without a tool name are not a call', () => {
    const { calls, unparsableName } = readToolCalls([
      { index: 0, id: 'a', function: fn(undefined, '{}') },
    ]);
    expect(unparsableName).toBe('');
    expect(calls).toEqual([]);
  });
});

describe('several calls', () => {
  test('are distinguished by their index', () => {
    const { calls } = readToolCalls([
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

  test('without index or id are distinguished by their names', () => {
    const { calls } = readToolCalls([
      { function: fn('f', '{"n":1}') },
      { function: fn('g', '{"m":2}') },
    ]);
    expect(calls).toMatchObject([
      { id: 'made-0', name: 'f' },
      { id: 'made-1', name: 'g' },
    ]);
  });

  test('with the same id are distinguished by their arguments, and get ids of their own', () => {
    const { calls } = readToolCalls([
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

  test('with the same index are distinguished by their ids', () => {
    const { calls } = readToolCalls([
      { index: 0, id: 'a', function: fn('f', '{}') },
      { index: 0, id: 'b', function: fn('f', '{}') },
    ]);
    expect(calls).toHaveLength(2);
  });
});

describe('a single call is not split', () => {
  const city = '{"city":"Oslo"}';

  test('when its name repeats in every fragment, for any split, with or without an id', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.constantFrom(undefined, 'a'),
        fc.constantFrom(undefined, 0),
        (cutPoints, id, index) => {
          const fragments = [...splitAt('{"a":{"b":"{}"},"c":[{}]}', cutPoints), ''];
          const { calls } = readToolCalls(
            fragments.map((fragment) => ({ index, id, function: fn('f', fragment) })),
          );
          expect(calls).toMatchObject([{ name: 'f', args: '{"a":{"b":"{}"},"c":[{}]}' }]);
        },
      ),
    );
  });

  test('when each fragment repeats all arguments so far', () => {
    const json = '{"a":{"b":"{}"},"c":[{}]}';
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (cutPoints) => {
        let all = '';
        const snapshots = splitAt(json, cutPoints).map((fragment) => {
          all += fragment;
          return all;
        });
        const { calls, streamedArgs } = readToolCalls(
          snapshots.map((args) => ({ index: 0, id: 'a', function: fn('f', args) })),
        );
        expect(calls).toMatchObject([{ name: 'f', args: json }]);
        expect(streamedArgs).toEqual([json]);
      }),
    );
  });

  test.each([
    ['continues under another index', ['{"city":', '"Oslo"}'], [0, 1]],
    ['is sent twice, under two indices', [city, city], [0, 1]],
    ['begins with a placeholder', ['{}', city], [0, 0]],
  ])('when it %s', (_, argFragments, indices) => {
    const { calls } = readToolCalls(
      argFragments.map((fragment, i) => ({
        index: indices[i],
        id: 'a',
        function: fn('f', fragment),
      })),
    );
    expect(calls).toEqual([{ id: 'a', name: 'f', args: city }]);
  });

  test('when it continues without its id under the second of its indices', () => {
    const { calls } = readToolCalls([
      { index: 0, id: 'a', function: fn('f', '') },
      { index: 1, id: 'a', function: fn('f', '{"city":') },
      { index: 1, function: fn(undefined, '"Oslo"}') },
    ]);
    expect(calls).toEqual([{ id: 'a', name: 'f', args: city }]);
  });
});

describe('malicious arguments', () => {
  test('contain no U+0000, streamed or complete, for any split', () => {
    const json = JSON.stringify({ 'to\0wn': 'Os\0lo', path: 'C:\\u0000' });
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (cutPoints) => {
        const { calls, streamedArgs } = readToolCalls(
          splitAt(json, cutPoints).map((fragment) => ({
            index: 0,
            id: 'a',
            function: fn('f', fragment),
          })),
        );
        const expected = JSON.stringify({ town: 'Oslo', path: 'C:\\u0000' });
        expect(calls).toMatchObject([{ args: expected }]);
        expect(streamedArgs).toEqual([expected]);
      }),
    );
  });

  test.each([
    ['as a text', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['as a value', JSON.parse(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
    ['encoded twice', JSON.stringify(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
  ])('are ignored if they are nested 20,000 levels deep, %s', (_, args) => {
    const { calls, streamedArgs, unparsableName } = readToolCalls([
      { index: 0, id: 'a', function: fn('f', args) },
    ]);
    expect(unparsableName).toBe('f');
    expect(calls[0]?.args.length).toBeLessThan(50_000);
    expect(isTooComplex(streamedArgs.join(''))).toBe(false);
  });
});

test('an invalid call is ignored', () => {
  expect(readToolCalls([null, 'x', 7, {}]).calls).toEqual([]);
});

describe('tool calls over the limit of an answer', () => {
  test.each([
    ['by index', (n: number) => ({ index: n, id: `c${n}` })],
    ['without an index', (n: number) => ({ id: `c${n}` })],
    ['without an id', (n: number) => ({ index: n })],
    ['without either', () => ({})],
  ])('are dropped after the first one over the limit (%s)', (_how, ids) => {
    const count = 2 * MAX_TOOL_CALLS;
    const deltas = Array.from({ length: count }, (_, n) => ({
      ...ids(n),
      function: fn('getWeather', `{"city":"c${n}"}`),
    }));
    // Fragments of dropped calls are not added to another call.
    const { calls } = readToolCalls([
      ...deltas,
      { ...ids(count - 1), function: fn(undefined, '{"x":1}') },
    ]);
    expect(calls.map(({ args }) => args)).toEqual(
      Array.from({ length: MAX_TOOL_CALLS + 1 }, (_, n) => `{"city":"c${n}"}`),
    );
  });
});

describe('arguments of extreme size', () => {
  test.each([
    ['in an unterminated string', () => '{"a":"}'],
    ['closed, but not arguments', (n: number) => (n === 0 ? '{"a" 1}' : '{}')],
  ])('(%s) take linear time', (_how, fragment) => {
    expectLinear((size) => {
      const deltas = Array.from({ length: size }, (_, n) => ({
        index: 0,
        id: 'a',
        function: fn('getWeather', fragment(n)),
      }));
      return () => readToolCalls(deltas);
    }, 300);
  });

  test('are streamed up to a limit and complete in the call', () => {
    const args = JSON.stringify({ text: 'x'.repeat(100_000) });
    const argFragments = args.match(/.{1,1000}/g) ?? [];
    const { calls, streamedArgs } = readToolCalls(
      argFragments.map((fragment, n) => ({
        index: 0,
        id: 'a',
        function: fn(n ? undefined : 'x', fragment),
      })),
    );
    expect(calls[0]?.args).toBe(args);
    expect(streamedArgs[0]?.length).toBeLessThan(25_000);
  });
});
