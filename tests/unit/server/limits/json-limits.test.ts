import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readJson } from '@/lib/server/http/route';
import { exceedsLimits, JsonMeter, parseJsonWithin } from '@/lib/server/limits/json-limits';
import fc from '@/tests/support/fast-check';

const LIMITS = { depth: 3, values: 10 };

describe('a JSON text', () => {
  it.each([
    ['three levels', '[[[]]]', false],
    ['four levels', '[[[[]]]]', true],
    ['objects count like arrays', '{"a":{"b":{"c":{}}}}', true],
    ['nine elements', '[1,2,3,4,5,6,7,8]', false],
    ['eleven elements', '[1,2,3,4,5,6,7,8,9,10,11]', true],
    ['brackets and commas within a string', '"[[[[[[,,,,,,,,,,,,"', false],
    ['escaped quotation marks', '["\\"[[[[", "\\\\"]', false],
    ['a string that ends in a backslash', '["\\\\",[[[]]]]', true],
    ['no JSON', '[[[[[[[[[[[[', true],
    ['an unterminated string', '["[[[[[[[[[[', false],
  ])('is compared with the limits: %s', (_, json, exceeds) => {
    expect(exceedsLimits(json, LIMITS)).toBe(exceeds);
  });

  it('has the same size in any chunks', () => {
    const text = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', 'a'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 8 }), (json, cutPoints) => {
        const completeSize = new JsonMeter(LIMITS).push(json);
        const chunkedMeter = new JsonMeter(LIMITS);
        const offsets = cutPoints
          .map((cutPoint) => cutPoint % (json.length + 1))
          .sort((a, b) => a - b);
        let from = 0;
        for (const to of [...offsets, json.length]) {
          chunkedMeter.push(json.slice(from, to));
          from = to;
        }
        expect([chunkedMeter.exceeds, chunkedMeter.isClosed]).toEqual([
          completeSize.exceeds,
          completeSize.isClosed,
        ]);
      }),
    );
  });

  it('is recognized as complete exactly at its end', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (value) => {
        const json = JSON.stringify(value);
        const meter = new JsonMeter({ depth: 100, values: 100_000 });
        const closed = [...json].map((char) => meter.push(char).isClosed);
        expect(closed.indexOf(true)).toBe(closed.length - 1);
      }),
    );
  });

  it('is parsed as usual if it is within the limits', () => {
    const count = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Object.values(value).reduce((sum: number, inner) => sum + count(inner), 0)
        : 1;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(parseJsonWithin(json, { depth: 100, values: 2 * count(value) })).toEqual(
          JSON.parse(json),
        );
      }),
    );
  });
});

describe('a request whose JSON exceeds the limits', () => {
  it.each([
    ['brackets', '['.repeat(500_000)],
    ['empty objects', `[${'{},'.repeat(200_000)}1]`],
    ['keys', `{${Array.from({ length: 50_000 }, (_, key) => `"${key}":1`).join(',')}}`],
  ])('is rejected before it is parsed: %s', async (_, body) => {
    vi.stubEnv('POSTGRES_URL', 'postgres://user@localhost/chat');
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await expect(readJson(request, z.unknown())).rejects.toMatchObject({ code: 'invalid_json' });
  });
});
