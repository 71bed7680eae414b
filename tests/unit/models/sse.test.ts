import { describe, expect, test } from 'vitest';
import { createSseParser } from '@/lib/models/adapter/sse';
import fc from '@/tests/support/fast-check';

function parse(chunks: string[]): { events: string[]; strayLines: number } {
  const events: string[] = [];
  const parser = createSseParser((data) => events.push(data));
  for (const chunk of chunks) parser.push(chunk);
  parser.end();
  return { events, strayLines: parser.strayLines };
}

describe('events are read', () => {
  test.each([
    ['with LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['with CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['with CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['without the space', 'data:a\n\n', ['a']],
    ['with only one space taken', 'data:  a\n\n', [' a']],
    ['of several lines', 'data: a\ndata\ndata: b\n\n', ['a\n\nb']],
    ['among comments and other fields', ': hi\nevent: x\nid: 1\ndata: a\nretry: 5\n\n', ['a']],
    ['without data: none', 'event: x\n\n\n\n', []],
    ['without the last blank line', 'data: a\n\ndata: b', ['a', 'b']],
  ])('%s', (_, text, events) => {
    expect(parse([text])).toEqual({ events, strayLines: 0 });
  });

  test('a page that is no event stream is known by its lines', () => {
    expect(parse(['<html>\n<body>\n'])).toEqual({ events: [], strayLines: 2 });
  });

  test('however the text is cut', () => {
    const piece = fc.constantFrom(
      'data: a',
      'data:',
      'data',
      ': c',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(), { maxLength: 6 }), (pieces, cuts) => {
        const text = pieces.join('');
        const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort(
          (a, b) => a - b,
        );
        const chunks = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(parse(chunks)).toEqual(parse([text]));
      }),
      { numRuns: 2_000 },
    );
  });
});
