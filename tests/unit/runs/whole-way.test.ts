import { describe, expect, it } from 'vitest';
import { formatMerged } from '@/lib/client/chat/merge-lines';
import { StreamCursor } from '@/lib/client/chat/stream-cursor';
import { foldLines, textOf } from '@/lib/protocol/fold';
import { formatEnding, formatLine, splitLines } from '@/lib/protocol/lines';
import { LineCursor } from '@/lib/runs/line-cursor';
import { RunLog } from '@/lib/runs/log';
import fc from '@/tests/support/fast-check';

/** Pieces of an answer in any script, with what a line must not be broken by. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  fc.constantFrom('\n', '\r\n', '"', '\\', 'e\u0301', '👩‍👩‍👧', 'नि', '\u2028', '0:"x"\n', 'd:{}'),
);

/** The frames of a run, each of one or more lines, with its end. */
const frames = fc
  .array(fc.array(piece, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
  .map((texts) => [
    formatLine('f', { messageId: 'm' }),
    ...texts.map((some) => some.map((text) => formatLine('0', text)).join('')),
    formatEnding({ type: 'run-ended', status: 'complete' }),
  ]);

const whole = (list: string[]) => textOf(foldLines(splitLines(list.join(''))).parts);

function cutAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('from the log of a run to the page', () => {
  it('any cuts, in any pieces, at any moment of the answer: every word exactly once', () => {
    const connections = fc.array(
      fc.record({
        /** Frames that are written meanwhile. */
        written: fc.nat(4),
        /** Bytes that arrive before it breaks. */
        arrives: fc.nat(200),
        cuts: fc.array(fc.nat(), { maxLength: 5 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(frames, connections, (list, broken) => {
        const log = new RunLog();
        const rest = [...list];
        const page = new StreamCursor();
        let shown = '';
        const read = (arrives: number, cuts: number[]) => {
          page.connect();
          const bytes = log.read(log.cursorAfter(page.count)) ?? new Uint8Array();
          for (const some of cutAt(bytes.subarray(0, arrives), cuts))
            shown += formatMerged(page.feed(some));
        };
        for (const { written, arrives, cuts } of broken) {
          for (const frame of rest.splice(0, written)) log.append(frame);
          read(arrives, cuts);
        }
        for (const frame of rest) log.append(frame);
        read(Number.POSITIVE_INFINITY, []);
        expect(textOf(foldLines(splitLines(shown)).parts)).toBe(whole(list));
        expect(page).toMatchObject({ done: true, count: splitLines(list.join('')).length });
      }),
      { numRuns: 500 },
    );
  });

  it('by way of another process, from any line on, in any pieces: the same lines', () => {
    fc.assert(
      fc.property(frames, fc.nat(40), fc.array(fc.nat(3)), (list, after, sizes) => {
        const lines = splitLines(list.join(''));
        const cursor = new LineCursor(after);
        const rest = [...lines];
        let seen = '';
        for (const size of sizes) seen += cursor.take(rest.splice(0, size));
        seen += cursor.take(rest);
        expect(splitLines(seen)).toEqual(lines.slice(after));
      }),
      { numRuns: 500 },
    );
  });
});
