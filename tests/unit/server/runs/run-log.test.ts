import { describe, expect, it } from 'vitest';
import { readLog } from '@/lib/server/runs/read-log';
import { RunLog } from '@/lib/server/runs/run-log';
import fc from '@/tests/support/fast-check';

const decode = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? undefined);

/** Lists of frames, each a list of lines in any script. */
const frames = fc.array(
  fc.array(
    fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `0:${JSON.stringify(text)}\n`),
    { minLength: 1, maxLength: 5 },
  ),
  { maxLength: 12 },
);

function createFilledLog(list: string[][]): RunLog {
  const log = new RunLog();
  for (const frame of list) log.append(frame.join(''));
  return log;
}

describe('a cursor on a run', () => {
  it('returns all lines after any offset exactly once', () => {
    fc.assert(
      fc.property(frames, fc.nat(80), (list, after) => {
        const lines = list.flat();
        const log = createFilledLog(list);
        expect(log.lines).toBe(lines.length);
        const cursor = log.cursorAfter(after);
        expect(decode(log.read(cursor))).toBe(lines.slice(after).join(''));
        expect(log.read(cursor)).toBeNull();
      }),
    );
  });

  it('returns appended lines from its offset', () => {
    fc.assert(
      fc.property(frames, frames, fc.nat(80), (first, second, after) => {
        const log = createFilledLog(first);
        const cursor = log.cursorAfter(after);
        let received = decode(log.read(cursor));
        for (const frame of second) {
          log.append(frame.join(''));
          received += decode(log.read(cursor));
        }
        const start = Math.min(after, first.flat().length);
        expect(received).toBe([...first.flat(), ...second.flat()].slice(start).join(''));
      }),
    );
  });
});

describe('a reader that is far behind', () => {
  it('gets bounded chunks exactly once', () => {
    const line = `0:"${'x'.repeat(99_993)}"\n`;
    const log = createFilledLog(Array.from({ length: 40 }, () => [line]));
    const cursor = log.cursorAfter(1);
    const sizes: number[] = [];
    for (let chunk = log.read(cursor); chunk; chunk = log.read(cursor)) sizes.push(chunk.length);
    expect(Math.max(...sizes)).toBeLessThan(300_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(39 * line.length);
    expect(cursor.line).toBe(log.lines);
  });
});

describe('a reader of a run', () => {
  it('gets missed lines in one chunk, then new lines, then the end', async () => {
    const log = createFilledLog([['0:"a"\n', '0:"b"\n'], ['0:"c"\n']]);
    const reader = readLog(log, 1).getReader();
    expect(decode((await reader.read()).value ?? null)).toBe('0:"b"\n0:"c"\n');
    const next = reader.read();
    log.append('0:"d"\n');
    expect(decode((await next).value ?? null)).toBe('0:"d"\n');
    log.append('d:{}\n');
    log.end();
    expect(decode((await reader.read()).value ?? null)).toBe('d:{}\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('that does not read buffers one chunk at most and gets the rest later', async () => {
    const log = new RunLog();
    const reader = readLog(log, 0).getReader();
    for (let i = 0; i < 1_000; i++) {
      log.append(`0:"${i}"\n`);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const first = await reader.read();
    const second = await reader.read();
    const received = decode(first.value ?? null) + decode(second.value ?? null);
    expect(received).toBe(Array.from({ length: 1_000 }, (_, i) => `0:"${i}"\n`).join(''));
  });

  it('that disconnects is removed', async () => {
    const log = new RunLog();
    const reader = readLog(log, 0).getReader();
    await reader.cancel();
    expect(() => log.append('0:"a"\n')).not.toThrow();
  });

  it('gets no lines after the end, because they are rejected', () => {
    const log = new RunLog();
    log.end();
    expect(() => log.append('0:"late"\n')).toThrow(/ended/);
  });
});
