import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createToolCallReader } from '@/lib/models/adapter/tool-calls';

type Sent = { id: string; name: string; args: string; pieces: string[] };

function read(deltas: unknown[]): { calls: Sent[]; unreadable: string | null; early: string[] } {
  const calls: Sent[] = [];
  let made = 0;
  const reader = createToolCallReader(
    {
      start: ({ index, id, name }) => {
        calls[index] = { id, name, args: '', pieces: [] };
      },
      args(index, text) {
        const call = calls[index];
        if (!call) throw new Error('arguments before the start of a call');
        call.args += text;
        call.pieces.push(text);
      },
    },
    () => `made-${made++}`,
  );
  for (const delta of deltas) reader.push(delta);
  const early = calls.map(({ args }) => args);
  const { unreadable } = reader.finish();
  return { calls, unreadable, early };
}

const fn = (name: string | undefined, args: unknown) => ({ name, arguments: args });

/** Cuts a text at these places. */
function cut(text: string, places: number[]): string[] {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('arguments of a tool call', () => {
  const places = fc.array(fc.nat(), { maxLength: 10 });

  test('arrive whole, and are never complete before the call is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), places, (value, at) => {
        const whole = JSON.stringify(value);
        const pieces = cut(whole, at);
        const { calls, early, unreadable } = read(
          pieces.map((piece, index) => ({
            index: 0,
            id: index === 0 ? 'a' : undefined,
            function: fn(index === 0 ? 'f' : undefined, piece),
          })),
        );
        expect(unreadable).toBeNull();
        expect(isJson(early[0] ?? '')).toBe(false);
        expect(calls).toMatchObject([{ id: 'a', name: 'f', args: whole }]);
      }),
    );
  });

  test('behind an empty placeholder are the real ones, wherever they are cut', () => {
    const whole = '{} {"city":"Oslo {}"}';
    fc.assert(
      fc.property(places, (at) => {
        const [first = '', ...rest] = cut(whole, at);
        const { calls, unreadable } = read([
          { index: 0, id: 'a', function: fn('f', first) },
          ...rest.map((piece) => ({ index: 0, function: fn(undefined, piece) })),
        ]);
        expect(unreadable).toBeNull();
        expect(JSON.parse(calls[0]?.args ?? '')).toEqual({ city: 'Oslo {}' });
      }),
    );
  });

  test('of a long document stream on as they come', () => {
    const { calls, early } = read([
      { index: 0, id: 'a', function: fn('f', '{"text":"') },
      { index: 0, function: fn(undefined, 'one two ') },
      { index: 0, function: fn(undefined, 'three"}') },
    ]);
    expect(early[0]).toBe('{"text":"one two three"');
    expect(calls[0]?.pieces).toHaveLength(4);
  });

  test.each([
    ['nothing', '', {}],
    ['null', 'null', {}],
    ['an object, not a text', { city: 'Oslo' }, { city: 'Oslo' }],
    ['encoded twice', JSON.stringify('{"city":"Oslo"}'), { city: 'Oslo' }],
    ['with an end mark behind', '{"city":"Oslo"}<|end|>', { city: 'Oslo' }],
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
    ['wrong inside', '{"city": Oslo}'],
  ])('that are %s are reported, never taken for a call', (_, args) => {
    const { calls, unreadable } = read([{ index: 0, id: 'a', function: fn('f', args) }]);
    expect(unreadable).toBe('f');
    expect(isJson(calls[0]?.args ?? '')).toBe(false);
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
    expect(calls).toMatchObject([
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
});

test('what is no call at all is passed over', () => {
  expect(read([null, 'x', 7, {}]).calls).toEqual([]);
});
