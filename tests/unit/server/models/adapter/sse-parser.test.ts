import { describe, expect, test } from 'vitest';
import { createSseParser, type SseEvent } from '@/lib/server/models/adapter/sse-parser';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/linear-time';

function parseEvents(chunks: string[]): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = createSseParser((event) => events.push(event));
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
  return events;
}

const parse = (chunks: string[]) => parseEvents(chunks).map(({ data }) => data);

const ONE_BY_ONE = ['{"a":1}', '{"b":2}', '[DONE]'];

describe('server-sent events are parsed', () => {
  test.each([
    ['with LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['with CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['with CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['without the space', 'data:a\n\n', ['a']],
    ['with only one space removed', 'data:  a\n\n', [' a']],
    ['with several lines', 'data: a\ndata\ndata: b\n\n', ['a\n\nb']],
    ['among comments and other fields', ': hi\nevent: x\nid: 1\ndata: a\nretry: 5\n\n', ['a']],
    ['without data (none)', 'event: x\n\n\n\n', []],
    ['without the last blank line', 'data: a\n\ndata: b', ['a', 'b']],
    ['after a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['with single line ends', 'data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n', ONE_BY_ONE],
    ['with single line ends after plain text', 'data: x\ndata: {"a":1}\n', ['x', '{"a":1}']],
    ['as JSON of several lines', 'data: {\ndata: "a": {}\ndata: }\n\n', ['{\n"a": {}\n}']],
    ['as JSON whose lines have no field', '{\n "a": [\n  {}\n ]\n}\n', ['{\n "a": [\n  {}\n ]\n}']],
    ['as a plain line', 'data: a\n\n{"error":"no"}\n', ['a', '{"error":"no"}']],
  ])('%s', (_, text, events) => {
    expect(parse([text])).toEqual(events);
  });

  test('a text that is not an event stream is data', () => {
    expect(parse(['<html>\n<body>\n'])).toEqual(['<html>\n<body>']);
  });

  test('event names come from the standard field or the field `error`', () => {
    const names = parseEvents(['event: error\ndata: a\n\ndata: b\n\nerror: {"code":400}\n\n']);
    expect(names).toMatchObject([
      { name: 'error', data: 'a', json: undefined },
      { name: '', data: 'b' },
      { name: 'error', json: { code: 400 } },
    ]);
  });

  test('NaN and Infinity are parsed as null, but not inside a text', () => {
    expect(parseEvents(['data: {"a":NaN,"b":[-Infinity],"c":"a NaN \\"NaN"}\n\n'])).toMatchObject([
      { json: { a: null, b: [null], c: 'a NaN "NaN' } },
    ]);
  });

  test('a long event takes linear time', () => {
    const fragment = 'x'.repeat(16_384);
    expectLinear((chunkCount) => {
      const chunks = ['data: "', ...Array.from({ length: chunkCount }, () => fragment), '"\n\n'];
      return () => expect(parse(chunks)[0]).toHaveLength(chunkCount * fragment.length + 2);
    }, 32);
  });

  test('for any chunks', () => {
    const fragment = fc.constantFrom(
      'data: a',
      'data:',
      'data',
      ': c',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'x',
      '{"a":1}',
      'event: error\n',
      'error: x\n',
      'data: [DONE]\n',
      '\uFEFF',
    );
    fc.assert(
      fc.property(
        fc.array(fragment),
        fc.array(fc.nat(), { maxLength: 6 }),
        (fragments, cutPoints) => {
          const text = fragments.join('');
          const boundaries = [
            ...cutPoints.map((cutPoint) => cutPoint % (text.length + 1)),
            text.length,
          ].sort((a, b) => a - b);
          const chunks = boundaries.map((end, index) =>
            text.slice(boundaries[index - 1] ?? 0, end),
          );
          expect(parseEvents(chunks)).toEqual(parseEvents([text]));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('a text of escaped quotes takes linear time', () => {
  expectLinear((size) => {
    const text = `data: NaN ${'\\"'.repeat(size)}\\\n\n`;
    return () => parse([text]);
  }, 1_000);
});

test.each([
  ['of blank data', 'data:\n'],
  ['of words', 'data: word\n'],
  ['of JSON', '{\n'],
])('an event of many lines %s takes linear time', (_, line) => {
  expectLinear((size) => {
    const text = line.repeat(size);
    return () => parse([text]);
  }, 1_000);
});
