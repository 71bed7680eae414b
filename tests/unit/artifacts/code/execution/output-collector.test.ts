import { describe, expect, it, vi } from 'vitest';
import { createOutputCollector } from '@/artifacts/code/execution/output-collector';
import { createOutputMeter } from '@/artifacts/code/execution/output-meter';
import {
  type ExecutionEvent,
  MAX_OUTPUT_BYTES,
  MAX_OUTPUT_LINES,
  type OutputItem,
  parseExecutionEvent,
} from '@/artifacts/code/execution/protocol';
import { createOutputSink, OutputLimitError } from '@/artifacts/code/sandbox/output-sink';
import { buildTable } from '@/artifacts/code/sandbox/table';
import { expectLinear } from '@/tests/support/linear-time';

const line = (text: string) => ({ type: 'text', stream: 'stdout', text }) as const;

describe('the output sink', () => {
  it.each([
    ['lines', MAX_OUTPUT_LINES, 'a\n'],
    ['lines in one write', MAX_OUTPUT_LINES / 100, 'a\n'.repeat(100)],
    ['bytes', 10, 'x'.repeat(MAX_OUTPUT_BYTES / 10 - 20)],
    ['parts of a line', MAX_OUTPUT_BYTES / 25, 'piece'],
  ])('accepts a bounded amount of %s', (_, count, text) => {
    const send = vi.fn<(event: ExecutionEvent) => void>();
    const sink = createOutputSink(send);
    for (let writeCount = 0; writeCount < count; writeCount++) sink.write(line(text));
    expect(send).toHaveBeenCalledTimes(count);
    expect(() => sink.write(line(text))).toThrow(OutputLimitError);
    expect(() => sink.write(line(text))).toThrow(OutputLimitError);
    sink.end('done');
    expect(send).toHaveBeenCalledTimes(count + 1);
    expect(send).toHaveBeenLastCalledWith({ type: 'end', outcome: 'output-limit' });
  });

  it('counts everything that becomes an element of the page', () => {
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
    const names = ['x'.repeat(MAX_OUTPUT_BYTES)];
    const inputs: Array<[string, number, (index: number) => OutputItem]> = [
      [
        'alternating streams',
        6_000,
        (at) => ({ ...line('x'), stream: at % 2 ? 'stdout' : 'stderr' }),
      ],
      ['values', 6_000, () => ({ type: 'value', text: 'x' })],
      [
        'elements of images',
        60,
        () => ({ type: 'image', source: `data:image/svg+xml,<svg>${'<g/>'.repeat(999)}</svg>` }),
      ],
      [
        'column names',
        1,
        () => ({ type: 'table', columns: names, rows: [['']], omittedRowCount: 0 }),
      ],
      [
        'empty cells',
        1,
        () => ({
          type: 'table',
          columns: row(599),
          rows: Array(99).fill(row(599)),
          omittedRowCount: 0,
        }),
      ],
      ['charts', 1_000, () => chart(1)],
      ['chart points', 20, () => chart(5_000)],
    ];
    for (const [name, count, item] of inputs) {
      const meter = createOutputMeter();
      const accepted = Array.from({ length: count }, (_, at) => meter.add(item(at)));
      expect(accepted.at(-1), name).toBe(false);
    }
    const meter = createOutputMeter();
    expect(
      meter.add({
        type: 'table',
        columns: row(40),
        rows: Array(500).fill(row(40)),
        omittedRowCount: 0,
      }),
    ).toBe(true);
    expect(meter.add(chart(5_000))).toBe(true);
  });

  it('reports only one end', () => {
    const send = vi.fn<(event: ExecutionEvent) => void>();
    const sink = createOutputSink(send);
    sink.end('failed');
    sink.end('done');
    expect(send.mock.calls).toEqual([[{ type: 'end', outcome: 'failed' }]]);
  });
});

describe('output of the sandbox', () => {
  it.each<ExecutionEvent>([
    { type: 'started' },
    { type: 'end', outcome: 'done' },
    { type: 'output', item: line('a') },
    { type: 'output', item: { type: 'error', text: 'a', line: null } },
    { type: 'output', item: { type: 'table', columns: ['a'], rows: [['1']], omittedRowCount: 0 } },
    { type: 'output', item: { type: 'image', source: 'data:image/png;base64,AA==' } },
  ])('is accepted if it is valid: %o', (event) => {
    expect(parseExecutionEvent(event)).toEqual(event);
  });

  it.each([
    null,
    'started',
    { type: 'end', outcome: 'flying' },
    { type: 'output', item: { type: 'text', stream: 'stdout', text: {} } },
    { type: 'output', item: { type: 'error', text: 'an invalid line number', line: 0 } },
    { type: 'output', item: { type: 'error', text: 'a negative line number', line: -3 } },
    { type: 'output', item: { type: 'table', columns: ['a'], rows: [[1]], omittedRowCount: 0 } },
    { type: 'output', item: { type: 'table', columns: [], rows: [], omittedRowCount: Number.NaN } },
    { type: 'output', item: { type: 'table', columns: [], rows: [], omittedRowCount: -1 } },
    { type: 'output', item: { type: 'image', source: 'https://example.com/a.png' } },
    { type: 'output', item: { type: 'image', source: 'data:text/html,hello' } },
    { type: 'output', item: { type: 'chart', chart: { kind: 'line', series: [] } } },
  ])('is ignored if it is invalid: %o', (event) => {
    expect(parseExecutionEvent(event)).toBeUndefined();
  });

  it('joins consecutive texts of one stream into one block', () => {
    const output = createOutputCollector();
    for (const text of ['a\n', 'b\n']) output.add(line(text));
    output.add({ type: 'text', stream: 'stderr', text: 'c\n' });
    output.add(line('d\n'));
    expect(output.list().map((item) => 'text' in item && item.text)).toEqual([
      'a\nb\n',
      'c\n',
      'd\n',
    ]);
  });
});

describe('the text that a program prints', () => {
  const renderOutput = (...texts: string[]) => {
    const output = createOutputCollector();
    for (const text of texts) output.add(line(text));
    return output
      .list()
      .map((item) => 'text' in item && item.text)
      .join('');
  };

  it.each([
    ['a carriage return moves to the start of the line', ['10 %\r', '20 %\r30 %\n'], '30 %\n'],
    ['text beyond the overwritten part stays', ['abcdef\rxy'], 'xycdef'],
    ['a carriage return before a line feed is a line end', ['a\r\nb\r', '\nc'], 'a\nb\nc'],
    ['a carriage return at the end hides nothing', ['done\r'], 'done'],
    ['a backspace moves back by one', ['|\b/\b-', '\b\\'], '\\'],
    ['a line can be cleared', ['loading…\r\x1b[Kdone\n', 'abc\x1b[2K\rd'], 'done\nd'],
    ['colors are ignored', ['\x1b[1;31mred\x1b[0m text'], 'red text'],
    ['only the last line is overwritten', ['one\ntwo\rTWO'], 'one\nTWO'],
    ['titles are ignored', ['a\x1b]0;the title\x07b\x1b]2;\x1b\\c'], 'abc'],
    [
      'links are shown as their text',
      ['see \x1b]8;;http://a.test/\x1b\\here\x1b]8;;\x1b\\.'],
      'see here.',
    ],
    ['an unterminated title loses nothing', ['a\x1b]0;title\nb\n', 'c'], 'a0;title\nb\nc'],
    ['other control strings are ignored', ['\x1bP1$q\x1b\\a\x1b_G\x1b\\b\x9dx\x9cc'], 'abc'],
    [
      'modes, character sets and resets are ignored',
      ['\x1b[?25l\x1b[>4;2m\x1b(B\x1b7a\x1bc\x9b1mb'],
      'ab',
    ],
    ['colors with colons are ignored', ['\x1b[38:2::1:2:3mred\x1b[m'], 'red'],
    ['a single escape is ignored', ['a\x1b\nb\x07\0c'], 'a\nbc'],
    ['the cursor moves within its line', ['abc\x1b[2DX\x1b[1GY\x1b[2Cd\x1b[D\x1b[Ce'], 'YXcde'],
    ['moving between lines loses nothing', ['one\n\x1b[1A\x1b[2J\x1b[Htwo'], 'one\ntwo'],
    ['a form feed is a line end', ['a\fb\vc\td'], 'a\nb\nc\td'],
    ['a character is never split', ['😀\bx', '\r', '😀\rab\n', '😀😀\rx'], 'ab\nx 😀'],
  ])('is displayed as in a terminal: %s', (_, texts, expected) => {
    expect(renderOutput(...texts)).toBe(expected);
    expect(renderOutput(...texts.join(''))).toBe(renderOutput(texts.join('')));
  });

  it('wraps at the width of the terminal', () => {
    expect(renderOutput('a\x1b[999999999Cb\r\x1b[999999999Gc').length).toBeLessThan(300);
  });

  it('has no escape sequences in its end or its value', () => {
    const output = createOutputCollector();
    output.add({ type: 'error', text: '\x1b[31mError\x1b[0m: no\nmore', line: 1 });
    output.add({ type: 'value', text: '\x1b[1mone\x1b[0m' });
    expect(output.list()).toEqual([
      { type: 'error', text: 'Error: no\nmore', line: 1 },
      { type: 'value', text: 'one' },
    ]);
  });

  it('is overwritten in place during a progress display of any length', () => {
    const steps = Array.from({ length: 2_000 }, (_, step) => `\rstep ${step}`);
    expect(renderOutput('begun\n', ...steps, '\n')).toBe('begun\nstep 1999\n');
    const lines = Array.from({ length: 500 }, (_, step) => `line ${step} of many\n`);
    expect(renderOutput(...lines, ...steps)).toBe(`${lines.join('')}step 1999`);
  });
});

describe('a control sequence in a line of a million characters', () => {
  const ROW = 2_000;

  it.each([
    ['returns', '\rx', `${'a'.repeat(9 * ROW)}x${'a'.repeat(ROW - 1)}`],
    ['backspaces', '\bx\b', `${'a'.repeat(10 * ROW - 2)}xx`],
    ['cleared lines', '\x1b[2K', 'a'.repeat(9 * ROW)],
  ])('stays within the last row, for any number of them: %s', (_, control, expected) => {
    const output = createOutputCollector();
    output.add(line('a'.repeat(10 * ROW) + control.repeat(2)));
    expect(output.list()).toMatchObject([{ text: expected }]);
  });

  it.each(['\rx', '\bx\b', '\x1b[1K', '\x9d', '\x1b]', '\x9b'])(
    'costs no more than in a short line: %j',
    (control) => {
      const work = (length: number) => () =>
        createOutputCollector().add(line('a'.repeat(length) + control.repeat(length / 8)));
      expectLinear(work, 8_000);
    },
  );
});

describe('a table', () => {
  it('has a row for each object, list or value', () => {
    expect(
      buildTable(
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
      omittedRowCount: 0,
    });
    expect(buildTable({ one: [1, 2], two: 3 }, String)).toMatchObject({
      columns: ['', '0', '1', 'value'],
      rows: [
        ['one', '1', '2', ''],
        ['two', '', '', '3'],
      ],
    });
    expect(buildTable([{ a: 1, b: 2 }], String, ['b'])).toMatchObject({ columns: ['', 'b'] });
    expect(buildTable(3, String)).toBeNull();
  });

  it('is truncated if it is long', () => {
    const table = buildTable(
      Array.from({ length: 600 }, () => 1),
      String,
    );
    expect(table).toMatchObject({ omittedRowCount: 100 });
    expect(table?.rows).toHaveLength(500);
  });
});
