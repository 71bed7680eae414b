import { describe, expect, it, vi } from 'vitest';
import { createMeter } from '@/artifacts/code/run/meter';
import { createOutput } from '@/artifacts/code/run/output-list';
import {
  OUTPUT_LIMIT_BYTES,
  OUTPUT_LIMIT_LINES,
  type OutputItem,
  parseRunEvent,
  type RunEvent,
} from '@/artifacts/code/run/protocol';
import { createSink, Flooded } from '@/artifacts/code/sandbox/sink';
import { tableOf } from '@/artifacts/code/sandbox/table';
import { expectLinear } from '@/tests/support/growth';

const line = (text: string) => ({ type: 'text', stream: 'out', text }) as const;

describe('the sink', () => {
  it.each([
    ['lines', OUTPUT_LIMIT_LINES, 'a\n'],
    ['lines at once', OUTPUT_LIMIT_LINES / 100, 'a\n'.repeat(100)],
    ['bytes', 10, 'x'.repeat(OUTPUT_LIMIT_BYTES / 10 - 20)],
    ['pieces of a line', OUTPUT_LIMIT_BYTES / 25, 'piece'],
  ])('takes so much and no more: %s', (_, count, text) => {
    const tell = vi.fn<(event: RunEvent) => void>();
    const sink = createSink(tell);
    for (let written = 0; written < count; written++) sink.write(line(text));
    expect(tell).toHaveBeenCalledTimes(count);
    expect(() => sink.write(line(text))).toThrow(Flooded);
    expect(() => sink.write(line(text))).toThrow(Flooded);
    sink.end('done');
    expect(tell).toHaveBeenCalledTimes(count + 1);
    expect(tell).toHaveBeenLastCalledWith({ type: 'end', outcome: 'flooded' });
  });

  it('counts whatever the page makes an element of', () => {
    const row = (columns: number) => ['', ...Array.from({ length: columns }, () => '')];
    const chart = (points: number): OutputItem => ({
      type: 'chart',
      chart: {
        kind: 'line',
        title: '',
        xlabel: '',
        ylabel: '',
        categories: null,
        series: [{ name: '', points: Array.from({ length: points }, () => [0, 0]) }],
      },
    });
    const names = ['x'.repeat(OUTPUT_LIMIT_BYTES)];
    const inputs: Array<[string, number, (index: number) => OutputItem]> = [
      [
        'streams that take turns',
        6_000,
        (at) => ({ ...line('x'), stream: at % 2 ? 'out' : 'error' }),
      ],
      ['values', 6_000, () => ({ type: 'value', text: 'x' })],
      [
        'the elements of pictures',
        60,
        () => ({ type: 'image', source: `data:image/svg+xml,<svg>${'<g/>'.repeat(999)}</svg>` }),
      ],
      ['names of columns', 1, () => ({ type: 'table', columns: names, rows: [['']], more: 0 })],
      [
        'empty cells',
        1,
        () => ({ type: 'table', columns: row(599), rows: Array(99).fill(row(599)), more: 0 }),
      ],
      ['charts', 1_000, () => chart(1)],
      ['points of a chart', 20, () => chart(5_000)],
    ];
    for (const [name, count, item] of inputs) {
      const meter = createMeter();
      const taken = Array.from({ length: count }, (_, at) => meter.take(item(at)));
      expect(taken.at(-1), name).toBe(false);
    }
    const meter = createMeter();
    expect(
      meter.take({ type: 'table', columns: row(40), rows: Array(500).fill(row(40)), more: 0 }),
    ).toBe(true);
    expect(meter.take(chart(5_000))).toBe(true);
  });

  it('tells one end', () => {
    const tell = vi.fn<(event: RunEvent) => void>();
    const sink = createSink(tell);
    sink.end('failed');
    sink.end('done');
    expect(tell.mock.calls).toEqual([[{ type: 'end', outcome: 'failed' }]]);
  });
});

describe('what comes out of the sandbox', () => {
  it.each<RunEvent>([
    { type: 'started' },
    { type: 'end', outcome: 'done' },
    { type: 'output', item: line('a') },
    { type: 'output', item: { type: 'error', text: 'a', line: null } },
    { type: 'output', item: { type: 'table', columns: ['a'], rows: [['1']], more: 0 } },
    { type: 'output', item: { type: 'image', source: 'data:image/png;base64,AA==' } },
  ])('is taken where it is whole: %o', (event) => {
    expect(parseRunEvent(event)).toEqual(event);
  });

  it.each([
    null,
    'started',
    { type: 'end', outcome: 'flying' },
    { type: 'output', item: { type: 'text', stream: 'out', text: {} } },
    { type: 'output', item: { type: 'error', text: 'a line that no text has', line: 0 } },
    { type: 'output', item: { type: 'error', text: 'nor this', line: -3 } },
    { type: 'output', item: { type: 'table', columns: ['a'], rows: [[1]], more: 0 } },
    { type: 'output', item: { type: 'image', source: 'https://example.com/a.png' } },
    { type: 'output', item: { type: 'image', source: 'data:text/html,hello' } },
    { type: 'output', item: { type: 'chart', chart: { kind: 'line', series: [] } } },
  ])('is left out where it is not: %o', (event) => {
    expect(parseRunEvent(event)).toBeUndefined();
  });

  it('is one block where texts of a stream follow one another', () => {
    const output = createOutput();
    for (const text of ['a\n', 'b\n']) output.add(line(text));
    output.add({ type: 'text', stream: 'error', text: 'c\n' });
    output.add(line('d\n'));
    expect(output.list().map((item) => 'text' in item && item.text)).toEqual([
      'a\nb\n',
      'c\n',
      'd\n',
    ]);
  });
});

describe('what a program writes', () => {
  const shown = (...texts: string[]) => {
    const output = createOutput();
    for (const text of texts) output.add(line(text));
    return output
      .list()
      .map((item) => 'text' in item && item.text)
      .join('');
  };

  it.each([
    ['a return goes back to the beginning of the line', ['10 %\r', '20 %\r30 %\n'], '30 %\n'],
    ['what is longer than what is written over it stays', ['abcdef\rxy'], 'xycdef'],
    ['a return before a line feed is a line end', ['a\r\nb\r', '\nc'], 'a\nb\nc'],
    ['a return at the end hides nothing', ['done\r'], 'done'],
    ['a backspace goes one back', ['|\b/\b-', '\b\\'], '\\'],
    ['a line can be cleared', ['loading…\r\x1b[Kdone\n', 'abc\x1b[2K\rd'], 'done\nd'],
    ['colours are passed over', ['\x1b[1;31mred\x1b[0m text'], 'red text'],
    ['only the last line is written over', ['one\ntwo\rTWO'], 'one\nTWO'],
    ['titles are passed over', ['a\x1b]0;the title\x07b\x1b]2;\x1b\\c'], 'abc'],
    ['links are their text', ['see \x1b]8;;http://a.test/\x1b\\here\x1b]8;;\x1b\\.'], 'see here.'],
    ['a title without an end loses nothing', ['a\x1b]0;title\nb\n', 'c'], 'a0;title\nb\nc'],
    ['other strings are passed over', ['\x1bP1$q\x1b\\a\x1b_G\x1b\\b\x9dx\x9cc'], 'abc'],
    ['modes, character sets and resets are', ['\x1b[?25l\x1b[>4;2m\x1b(B\x1b7a\x1bc\x9b1mb'], 'ab'],
    ['colours with colons are', ['\x1b[38:2::1:2:3mred\x1b[m'], 'red'],
    ['an escape alone is', ['a\x1b\nb\x07\0c'], 'a\nbc'],
    ['the cursor moves within its line', ['abc\x1b[2DX\x1b[1GY\x1b[2Cd\x1b[D\x1b[Ce'], 'YXcde'],
    ['and between lines loses nothing', ['one\n\x1b[1A\x1b[2J\x1b[Htwo'], 'one\ntwo'],
    ['a form feed is a line end', ['a\fb\vc\td'], 'a\nb\nc\td'],
    ['half of a sign is never left', ['😀\bx', '\r', '😀\rab\n', '😀😀\rx'], 'ab\nx 😀'],
  ])('is shown as by a terminal: %s', (_, texts, expected) => {
    expect(shown(...texts)).toBe(expected);
    expect(shown(...texts.join(''))).toBe(shown(texts.join('')));
  });

  it('moves no farther to the right than a terminal is wide', () => {
    expect(shown('a\x1b[999999999Cb\r\x1b[999999999Gc').length).toBeLessThan(300);
  });

  it('has no escape sequences in what ends it, nor in its value', () => {
    const output = createOutput();
    output.add({ type: 'error', text: '\x1b[31mError\x1b[0m: no\nmore', line: 1 });
    output.add({ type: 'value', text: '\x1b[1mone\x1b[0m' });
    expect(output.list()).toEqual([
      { type: 'error', text: 'Error: no\nmore', line: 1 },
      { type: 'value', text: 'one' },
    ]);
  });

  it('is written over in place however long the progress is', () => {
    const steps = Array.from({ length: 2_000 }, (_, step) => `\rstep ${step}`);
    expect(shown('begun\n', ...steps, '\n')).toBe('begun\nstep 1999\n');
    const lines = Array.from({ length: 500 }, (_, step) => `line ${step} of many\n`);
    expect(shown(...lines, ...steps)).toBe(`${lines.join('')}step 1999`);
  });
});

describe('what goes back in a line of a million characters', () => {
  const ROW = 2_000;

  it.each([
    ['returns', '\rx', `${'a'.repeat(9 * ROW)}x${'a'.repeat(ROW - 1)}`],
    ['backspaces', '\bx\b', `${'a'.repeat(10 * ROW - 2)}xx`],
    ['cleared lines', '\x1b[2K', 'a'.repeat(9 * ROW)],
  ])('goes back in its last row, however many they are: %s', (_, control, expected) => {
    const output = createOutput();
    output.add(line('a'.repeat(10 * ROW) + control.repeat(2)));
    expect(output.list()).toMatchObject([{ text: expected }]);
  });

  it.each(['\rx', '\bx\b', '\x1b[1K', '\x9d', '\x1b]', '\x9b'])(
    'costs no more for each control than in a short line: %j',
    (control) => {
      const work = (length: number) => () =>
        createOutput().add(line('a'.repeat(length) + control.repeat(length / 8)));
      expectLinear(work, 8_000);
    },
  );
});

describe('a table', () => {
  it('has a row for each object, list or value', () => {
    expect(
      tableOf(
        [
          { a: 1, b: 'x' },
          { b: 'y', c: true },
        ],
        String,
      ),
    ).toEqual({
      type: 'table',
      columns: ['', 'a', 'b', 'c'],
      rows: [
        ['0', '1', 'x', ''],
        ['1', '', 'y', 'true'],
      ],
      more: 0,
    });
    expect(tableOf({ one: [1, 2], two: 3 }, String)).toMatchObject({
      columns: ['', '0', '1', 'value'],
      rows: [
        ['one', '1', '2', ''],
        ['two', '', '', '3'],
      ],
    });
    expect(tableOf([{ a: 1, b: 2 }], String, ['b'])).toMatchObject({ columns: ['', 'b'] });
    expect(tableOf(3, String)).toBeNull();
  });

  it('is cut where it is long', () => {
    const table = tableOf(
      Array.from({ length: 600 }, () => 1),
      String,
    );
    expect(table).toMatchObject({ more: 100 });
    expect(table?.rows).toHaveLength(500);
  });
});
