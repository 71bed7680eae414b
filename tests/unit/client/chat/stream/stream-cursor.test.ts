import { processDataStream } from 'ai';
import { describe, expect, it } from 'vitest';
import { formatMergedLines } from '@/lib/client/chat/stream/merge-lines';
import { StreamCursor } from '@/lib/client/chat/stream/stream-cursor';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatLine, formatRunEnd, splitLines, UNSAVED_LINE } from '@/lib/protocol/lines';
import type { StoredMessage } from '@/lib/protocol/messages';
import { textOf } from '@/lib/protocol/text-of';
import fc from '@/tests/support/fast-check';

const MESSAGE_ID = 'c0a8012e-0000-4000-8000-000000000001';

const step = (finishReason: string) =>
  formatLine('e', {
    finishReason,
    usage: { promptTokens: 1, completionTokens: 2 },
    isContinued: false,
  });

/** A run of two steps with every kind of line that a run can contain. */
const LOG = [
  formatLine('f', { messageId: MESSAGE_ID }),
  formatLine('g', 'Let me '),
  formatLine('g', 'see… 🙂'),
  formatLine('0', 'I look it '),
  formatLine('0', 'up.'),
  formatLine('9', { toolCallId: 't1', toolName: 'getWeather', args: { city: 'Zürich' } }),
  formatLine('a', { toolCallId: 't1', result: { temperature: 21 } }),
  step('tool-calls'),
  formatLine('f', { messageId: MESSAGE_ID }),
  formatLine('2', [{ type: 'title-updated', content: 'Weather' }]),
  formatLine('g', 'So.'),
  formatLine('0', 'It is 21 °C — '),
  formatLine('0', '日本語 👩‍👩‍👧 done.'),
  step('stop'),
  ...splitLines(formatRunEnd({ type: 'run-ended', status: 'complete', finishReason: 'stop' })).map(
    (line) => `${line}\n`,
  ),
];
const FOLDED = foldLines(LOG);
const STORED: StoredMessage = {
  id: MESSAGE_ID,
  chatId: 'chat',
  parentId: 'parent',
  role: 'assistant',
  parts: FOLDED.parts,
  annotations: [{ type: 'run-ended', status: 'complete', finishReason: 'stop' }],
  status: 'complete',
  modelRef: 'demo/demo',
  createdAt: '2026-01-01T00:00:00.000Z',
};
const FINISHED = [
  formatLine('f', { messageId: MESSAGE_ID }),
  formatLine('2', [{ type: 'append-message', message: JSON.stringify(STORED) }]),
  formatLine('d', { finishReason: 'stop', usage: { promptTokens: null, completionTokens: null } }),
];

const encoder = new TextEncoder();

/** The lines that useChat would receive for the bytes without pacing. */
function feed(cursor: StreamCursor, bytes: Uint8Array): string {
  return formatMergedLines(cursor.feed(bytes));
}
const LOG_BYTES = encoder.encode(LOG.join(''));

/** Folds the text as the page does. Also checks that the reader of the SDK does not throw. */
async function parseDelivered(text: string) {
  const stream = new Response(text).body as ReadableStream<Uint8Array>;
  await processDataStream({ stream });
  const { parts } = foldLines(splitLines(text));
  return { parts, content: textOf(parts) };
}

function feedInChunks(cursor: StreamCursor, bytes: Uint8Array, cutPoints: number[]): string {
  let out = '';
  let from = 0;
  for (const cutPoint of [...cutPoints, bytes.length].sort((a, b) => a - b)) {
    out += feed(cursor, bytes.slice(from, cutPoint));
    from = cutPoint;
  }
  return out;
}

const cutPoint = fc.integer({ min: 0, max: LOG_BYTES.length });

describe('a stream with a broken connection', () => {
  it('produces the same answer for any chunks', async () => {
    const expected = await parseDelivered(LOG.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(cutPoint, { maxLength: 30 }), async (cutPoints) => {
        const cursor = new StreamCursor();
        cursor.connect();
        expect(await parseDelivered(feedInChunks(cursor, LOG_BYTES, cutPoints))).toEqual(expected);
        expect(cursor).toMatchObject({ done: true, hasRunEnded: true, count: LOG.length });
      }),
    );
  });

  it('resumes after a cut at any byte, with every token exactly once', async () => {
    const expected = await parseDelivered(LOG.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(cutPoint, { minLength: 1, maxLength: 6 }), async (lengths) => {
        const cursor = new StreamCursor();
        let out = '';
        for (const length of [...lengths, LOG_BYTES.length]) {
          cursor.connect();
          const remainder = encoder.encode(LOG.slice(cursor.count).join(''));
          out += feed(cursor, remainder.slice(0, length));
        }
        expect(await parseDelivered(out)).toEqual(expected);
      }),
    );
  });

  it('shows the finished answer if the run ended during the disconnect', async () => {
    const expected = await parseDelivered(LOG.join(''));
    await fc.assert(
      fc.asyncProperty(cutPoint, async (length) => {
        const cursor = new StreamCursor();
        cursor.connect();
        let out = feed(cursor, LOG_BYTES.slice(0, length));
        cursor.connect();
        if (!cursor.done) out += feed(cursor, encoder.encode(FINISHED.join('')));
        expect(await parseDelivered(out)).toEqual(expected);
        expect(cursor.replacement).toBeUndefined();
        expect(cursor).toMatchObject({ done: true, hasRunEnded: true });
      }),
    );
  });

  it('does not count the line that reports an unsaved answer', () => {
    const cursor = new StreamCursor();
    cursor.connect();
    const log = LOG.join('');
    const beforeEnd = log.lastIndexOf('8:');
    const out = feed(cursor, encoder.encode(log.slice(0, beforeEnd) + UNSAVED_LINE));
    expect(out).not.toContain('not-saved');
    expect(cursor).toMatchObject({ unsaved: true, done: false, count: LOG.length - 2 });
    feed(cursor, encoder.encode(log.slice(beforeEnd)));
    expect(cursor).toMatchObject({ unsaved: false, done: true, count: LOG.length });
  });

  it('requests a replacement of the message if it does not begin with the displayed text', async () => {
    const cursor = new StreamCursor();
    cursor.connect();
    feed(cursor, encoder.encode(`${LOG[0]}${formatLine('0', 'Something else')}`));
    cursor.connect();
    const out = feed(cursor, encoder.encode(FINISHED.join('')));
    expect(cursor.replacement).toEqual(STORED);
    expect(out).toContain('run-ended');
  });
});

describe('the stream reader', () => {
  it('returns thousands of lines of a catch-up at once', () => {
    const cursor = new StreamCursor();
    cursor.connect();
    const log = formatLine('f', { messageId: MESSAGE_ID }) + formatLine('0', 'word ').repeat(5000);
    const lines = feed(cursor, encoder.encode(log)).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe(`0:${JSON.stringify('word '.repeat(5000))}`);
    expect(cursor.count).toBe(5001);
  });

  it('joins the deltas of a document and keeps the order of everything else', () => {
    const cursor = new StreamCursor();
    cursor.connect();
    const event = (type: string, content: string) => formatLine('2', [{ type, content }]);
    const out = feed(
      cursor,
      encoder.encode(
        event('clear', '') +
          event('text-delta', 'a') +
          event('text-delta', 'b') +
          event('finish', ''),
      ),
    );
    expect(out).toBe(
      formatLine('2', [
        { type: 'clear', content: '' },
        { type: 'text-delta', content: 'ab' },
        { type: 'finish', content: '' },
      ]),
    );
  });

  it('does not count keep-alives and ignores unknown lines', () => {
    const cursor = new StreamCursor();
    cursor.connect();
    const out = feed(
      cursor,
      encoder.encode('\n\n0:"a"\n\nz:{"new":1}\n0:broken\n2:"no list"\n0:"b"\n'),
    );
    expect(out).toBe(formatLine('0', 'ab'));
    expect(cursor.count).toBe(5);
  });

  it('ends at the first finish line', () => {
    const cursor = new StreamCursor();
    cursor.connect();
    feed(cursor, encoder.encode(LOG.join('')));
    expect(feed(cursor, encoder.encode(formatLine('0', 'late')))).toBe('');
  });
});
