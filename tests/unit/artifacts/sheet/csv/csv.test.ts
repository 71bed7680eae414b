import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { createSheetParser, parseSheet, scanClipboard } from '@/artifacts/sheet/csv/parse';
import { formatCells, serializeSheet } from '@/artifacts/sheet/csv/write';
import { setCells } from '@/artifacts/sheet/edits';
import { measureGrid } from '@/artifacts/sheet/grid/geometry';
import type { Sheet } from '@/artifacts/sheet/sheet';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/linear-time';

const cellsOf = (sheet: Sheet) => sheet.rows.map(({ cells }) => cells);
const cells = (text: string) => cellsOf(parseSheet(text));

/** Texts rich in characters that matter to a CSV parser. */
const messyText = fc
  .array(
    fc.constantFrom('"', '""', ',', ';', '\t', '\n', '\r\n', '\r', ' ', 'a', 'bc', '1', 'é', '😀'),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''));
const cell = fc.oneof(fc.constantFrom('', 'a', '1,5', 'x"y', ' b ', 'two\nlines'), fc.string());
const table = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 8 }))
  .chain(([width, height]) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );

describe('the CSV reader', () => {
  it.each([
    [
      'commas',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons and decimal commas',
      'a;b\n1,5;2,5\n',
      [
        ['a', 'b'],
        ['1,5', '2,5'],
      ],
    ],
    [
      'semicolons, and a comma in each row',
      'a;b;"c, d"\n1;2;0,5\n',
      [
        ['a', 'b', 'c, d'],
        ['1', '2', '0,5'],
      ],
    ],
    [
      'tabs',
      'a\tb, c\n1\t2\n',
      [
        ['a', 'b, c'],
        ['1', '2'],
      ],
    ],
    [
      'mixed line ends',
      'a,b\r\n"1",2\n3,4\r5,6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    [
      'nested quotes',
      'a,b\n"say ""hi""","x\ny"\n',
      [
        ['a', 'b'],
        ['say "hi"', 'x\ny'],
      ],
    ],
    ['a space before quotes', 'a, "b, c"\n', [['a', 'b, c']]],
    [
      'text after closed quotes',
      '"5" pipe,b\n1,2\n',
      [
        ['5 pipe', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'an unclosed quote',
      'a,b\n"5 inch,2\n3,4\n',
      [
        ['a', 'b'],
        ['"5 inch', '2'],
        ['3', '4'],
      ],
    ],
    ['blank lines and rows of different lengths', 'a\n\n1,2,3\n', [['a'], [''], ['1', '2', '3']]],
    ['an empty text', '', []],
    ['a byte order mark', '\uFEFFa,b\n', [['a', 'b']]],
  ])('reads %s', (_, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it('reads well-formed CSV like papaparse', () => {
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      newline: fc.constantFrom('\n', '\r\n'),
      quotes: fc.boolean(),
    });
    fc.assert(
      fc.property(table, dialect, (rows, options) => {
        const text = Papa.unparse(rows, options);
        const { delimiter } = parseSheet(text).dialect;
        // The delimiter of some texts is ambiguous, so papaparse gets the detected one.
        const { data } = Papa.parse<string[]>(text, { delimiter, newline: options.newline });
        if (delimiter === options.delimiter) expect(cells(text)).toEqual(data);
      }),
    );
  });

  it('takes linear time in the number of rows', () => {
    expectLinear((size) => {
      const text = numberedRows(size);
      return () => expect(parseSheet(text).rows).toHaveLength(size);
    }, 1_000);
  });
});

describe('a first line that sets the delimiter', () => {
  it.each([
    [
      'sep=;\na,b;c\n1;2\n',
      [
        ['a,b', 'c'],
        ['1', '2'],
      ],
    ],
    ['SEP=|\r\na|b\r\n', [['a', 'b']]],
    ['\uFEFFsep=\t\na,b\tc', [['a,b', 'c']]],
    ['"sep=;"\na;b', [['a', 'b']]],
    ['sep=,\na;b,c', [['a;b', 'c']]],
    ['sep=;', []],
    ['separator\n1', [['separator'], ['1']]],
  ])('is recognized and kept, and is not a row: %j', (text, cells) => {
    const sheet = parseSheet(text);
    expect(cellsOf(sheet)).toEqual(cells);
    expect(serializeSheet(sheet)).toBe(text);
    const read = createSheetParser();
    for (let end = 1; end < text.length; end++) read(text.slice(0, end), false);
    expect(cellsOf(read(text, true))).toEqual(cells);
  });

  it('stays when cells are edited', () => {
    expect(serializeSheet(setCells(parseSheet('sep=;\na;b\n'), 0, 1, [['c;d']]))).toBe(
      'sep=;\na;"c;d"\n',
    );
    expect(serializeSheet(setCells(parseSheet('sep=;'), 0, 0, [['a']]))).toBe('sep=;\na');
  });
});

describe('cells from the clipboard', () => {
  it('are read from a Markdown table', () => {
    expect(scanClipboard('| a | b |\n|---|---|\n| 1 | 2 |\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(scanClipboard('a | b\n1 | 2')).toEqual([['a | b'], ['1 | 2']]);
  });
});

describe('a very wide table', () => {
  it('is measured by existing cells instead of every column of every row', () => {
    const wide = parseSheet(`${','.repeat(100_000)}\n${'a\n'.repeat(200)}`);
    const { offsets } = measureGrid(wide, new Map());
    expect(offsets).toHaveLength(100_002);
    let cellReads = 0;
    const rows = wide.rows.map((row) => ({
      ...row,
      cells: new Proxy(row.cells, {
        get(cells, key) {
          cellReads++;
          return Reflect.get(cells, key);
        },
      }),
    }));
    expect(measureGrid({ ...wide, rows }, new Map()).offsets).toEqual(offsets);
    expect(cellReads).toBeLessThan(4 * 100_000);
  });
});

describe('the incremental CSV reader', () => {
  it('returns the same result for any chunks', () => {
    fc.assert(
      fc.property(messyText, fc.array(fc.nat(40), { maxLength: 8 }), (text, cutPoints) => {
        const read = createSheetParser();
        for (const cutPoint of cutPoints.sort((a, b) => a - b))
          read(text.slice(0, cutPoint), false);
        expect(read(text, true)).toEqual(parseSheet(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows an unfinished row or quote and keeps finished rows', () => {
    const read = createSheetParser();
    const first = read('a,b\n1,2\n3,"fo', false);
    expect(cellsOf(first)).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', 'fo'],
    ]);
    const second = read('a,b\n1,2\n3,"fo\no"\n', false);
    expect(cellsOf(second)).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', 'fo\no'],
    ]);
    expect(second.rows[1]).toBe(first.rows[1]);
  });

  it('starts over with a different text', () => {
    const read = createSheetParser();
    read('a,b\n1,2\n', false);
    expect(cellsOf(read('x,y\n', false))).toEqual([['x', 'y']]);
  });

  it('reads only the new part of a growing text', () => {
    const text = numberedRows(25_000);
    const read = createSheetParser();
    let before = read(text.slice(0, text.length / 200), false).rows;
    for (let i = 2; i <= 200; i++) {
      const { rows } = read(text.slice(0, (text.length * i) / 200), i === 200);
      const reparsedRows = before.filter((row, index) => row !== rows[index]);
      expect(reparsedRows.length).toBeLessThanOrEqual(1);
      before = rows;
    }
    expect(before).toHaveLength(25_000);
  });
});

describe('the CSV writer', () => {
  it('reproduces its input byte by byte unless a quote is left open', () => {
    fc.assert(
      fc.property(messyText, (text) => {
        const sheet = parseSheet(text);
        fc.pre(sheet.rows.every(({ source }) => source !== null));
        expect(serializeSheet(sheet)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes readable text after any edit and leaves other rows unchanged', () => {
    fc.assert(
      fc.property(messyText, fc.nat(6), fc.nat(4), cell, (text, row, column, value) => {
        const before = parseSheet(text);
        const after = setCells(before, row, column, [[value]]);
        const reparsed = createSheetParser()(serializeSheet(after), true);
        // With one column or rows of different lengths, another delimiter may be detected.
        fc.pre(reparsed.dialect.delimiter === after.dialect.delimiter);
        expect(cellsOf(reparsed)).toEqual(cellsOf(after));
        before.rows.forEach((old, index) => {
          if (index !== row && old.source !== null) expect(after.rows[index]).toBe(old);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the quotes, delimiter and line endings around an edit', () => {
    const text = 'name;price\r\n"Tea";"1,5"\r\nMilk;2\r\n';
    const sheet = setCells(parseSheet(text), 2, 1, [['3; or 4']]);
    expect(serializeSheet(sheet)).toBe('name;price\r\n"Tea";"1,5"\r\nMilk;"3; or 4"\r\n');
  });

  it('quotes clipboard cells as spreadsheets require', () => {
    expect(formatCells(['a', 'b\tc', 'd\ne', 'say "hi"', ''], '\t')).toBe(
      'a\t"b\tc"\t"d\ne"\t"say ""hi"""\t',
    );
  });
});

function numberedRows(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => `${i},"Name, ${i}",${i * 3.5},x${i},y`);
  return rows.join('\n');
}
