import { describe, expect, it } from 'vitest';
import { formatMergedLines } from '@/lib/client/chat/stream/merge-lines';
import { StreamCursor } from '@/lib/client/chat/stream/stream-cursor';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatLine, formatRunEnd, splitLines } from '@/lib/protocol/lines';
import { textOf } from '@/lib/protocol/text-of';
import { LineCursor } from '@/lib/server/runs/line-cursor';
import { RunLog } from '@/lib/server/runs/run-log';
import fc from '@/tests/support/fast-check';

/** Chunks of an answer in any script, with characters that must not break a line. */
const chunkText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  fc.constantFrom('\n', '\r\n', '"', '\\', 'e\u0301', '👩‍👩‍👧', 'नि', '\u2028', '0:"x"\n', 'd:{}'),
);

/** The frames of a run, each of one or more lines, and its end. */
const frames = fc
  .array(fc.array(chunkText, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
  .map((texts) => [
    formatLine('f', { messageId: 'm' }),
    ...texts.map((chunk) => chunk.map((text) => formatLine('0', text)).join('')),
    formatRunEnd({ type: 'run-ended', status: 'complete' }),
  ]);

const foldedText = (list: string[]) => textOf(foldLines(splitLines(list.join(''))).parts);

function splitAt(bytes: Uint8Array, offsets: number[]): Uint8Array[] {
  const boundaries = [...offsets.map((offset) => offset % (bytes.length + 1)), bytes.length];
  boundaries.sort((a, b) => a - b);
  return boundaries.map((end, index) => bytes.subarray(boundaries[index - 1] ?? 0, end));
}

describe('from the run log to the page', () => {
  it('every token arrives exactly once for any disconnects, in any chunks, at any time', () => {
    const connections = fc.array(
      fc.record({
        /** Frames that are appended during the connection. */
        appended: fc.nat(4),
        /** Bytes that arrive before the connection breaks. */
        arrives: fc.nat(200),
        cutPoints: fc.array(fc.nat(), { maxLength: 5 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(frames, connections, (list, disconnects) => {
        const log = new RunLog();
        const remaining = [...list];
        const page = new StreamCursor();
        let received = '';
        const read = (arrives: number, cutPoints: number[]) => {
          page.connect();
          const bytes = log.read(log.cursorAfter(page.count)) ?? new Uint8Array();
          for (const chunk of splitAt(bytes.subarray(0, arrives), cutPoints))
            received += formatMergedLines(page.feed(chunk));
        };
        for (const { appended, arrives, cutPoints } of disconnects) {
          for (const frame of remaining.splice(0, appended)) log.append(frame);
          read(arrives, cutPoints);
        }
        for (const frame of remaining) log.append(frame);
        read(Number.POSITIVE_INFINITY, []);
        expect(textOf(foldLines(splitLines(received)).parts)).toBe(foldedText(list));
        expect(page).toMatchObject({ done: true, count: splitLines(list.join('')).length });
      }),
      { numRuns: 500 },
    );
  });

  it('lines are the same through another process, from any offset, in any chunks', () => {
    fc.assert(
      fc.property(frames, fc.nat(40), fc.array(fc.nat(3)), (list, after, sizes) => {
        const lines = splitLines(list.join(''));
        const cursor = new LineCursor(after);
        const remaining = [...lines];
        let received = '';
        for (const size of sizes) received += cursor.advance(remaining.splice(0, size));
        received += cursor.advance(remaining);
        expect(splitLines(received)).toEqual(lines.slice(after));
      }),
      { numRuns: 500 },
    );
  });
});
