import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { createReader, parseSheet, scanClipboard } from '@/artifacts/sheet/csv/parse';
import { writeCells, writeSheet } from '@/artifacts/sheet/csv/write';
import { setCells } from '@/artifacts/sheet/edits';
import { measure } from '@/artifacts/sheet/grid/geometry';
import type { Sheet } from '@/artifacts/sheet/sheet';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/growth';

const cellsOf = (sheet: Sheet) => sheet.rows.map(({ cells }) => cells);
const cells = (text: string) => cellsOf(parseSheet(text));

/** Text with much of what matters to a parser in it. */
const messy = fc
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

describe('reading', () => {
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
      'quotes within quotes',
      'a,b\n"say ""hi""","x\ny"\n',
      [
        ['a', 'b'],
        ['say "hi"', 'x\ny'],
      ],
    ],
    ['a space before quotes', 'a, "b, c"\n', [['a', 'b, c']]],
    [
      'what follows closed quotes',
      '"5" pipe,b\n1,2\n',
      [
        ['5 pipe', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a quote that is never closed',
      'a,b\n"5 inch,2\n3,4\n',
      [
        ['a', 'b'],
        ['"5 inch', '2'],
        ['3', '4'],
      ],
    ],
    ['blank lines and rows of any length', 'a\n\n1,2,3\n', [['a'], [''], ['1', '2', '3']]],
    ['nothing', '', []],
    ['a byte order mark', '\uFEFFa,b\n', [['a', 'b']]],
  ])('reads %s', (_, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it('reads what was written properly as papaparse does', () => {
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      newline: fc.constantFrom('\n', '\r\n'),
      quotes: fc.boolean(),
    });
    fc.assert(
      fc.property(table, dialect, (rows, options) => {
        const text = Papa.unparse(rows, options);
        const { delimiter } = parseSheet(text).dialect;
        // Which delimiter it is cannot be told of every text; papaparse is told what we took it for.
        const { data } = Papa.parse<string[]>(text, { delimiter, newline: options.newline });
        if (delimiter === options.delimiter) expect(cells(text)).toEqual(data);
      }),
    );
  });

  it('takes no more than twice the time for twice the rows', () => {
    expectLinear((size) => {
      const text = numberedRows(size);
      return () => expect(parseSheet(text).rows).toHaveLength(size);
    }, 1_000);
  });
});

describe('a first line that names the delimiter', () => {
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
  ])('is read, is no row, and stays: %j', (text, cells) => {
    const sheet = parseSheet(text);
    expect(cellsOf(sheet)).toEqual(cells);
    expect(writeSheet(sheet)).toBe(text);
    const read = createReader();
    for (let end = 1; end < text.length; end++) read(text.slice(0, end), false);
    expect(cellsOf(read(text, true))).toEqual(cells);
  });

  it('stays when cells are edited', () => {
    expect(writeSheet(setCells(parseSheet('sep=;\na;b\n'), 0, 1, [['c;d']]))).toBe(
      'sep=;\na;"c;d"\n',
    );
    expect(writeSheet(setCells(parseSheet('sep=;'), 0, 0, [['a']]))).toBe('sep=;\na');
  });
});

describe('cells from the clipboard', () => {
  it('are those of a table in Markdown where it is one', () => {
    expect(scanClipboard('| a | b |\n|---|---|\n| 1 | 2 |\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(scanClipboard('a | b\n1 | 2')).toEqual([['a | b'], ['1 | 2']]);
  });
});

describe('a sheet of very many columns', () => {
  it('is measured cell by cell, not column by column of every row', () => {
    const wide = parseSheet(`${','.repeat(100_000)}\n${'a\n'.repeat(200)}`);
    const { offsets } = measure(wide, new Map());
    expect(offsets).toHaveLength(100_002);
    let looked = 0;
    const rows = wide.rows.map((row) => ({
      ...row,
      cells: new Proxy(row.cells, {
        get(cells, key) {
          looked++;
          return Reflect.get(cells, key);
        },
      }),
    }));
    expect(measure({ ...wide, rows }, new Map()).offsets).toEqual(offsets);
    expect(looked).toBeLessThan(4 * 100_000);
  });
});

describe('reading what grows', () => {
  it('comes to the same in whatever pieces it arrives', () => {
    fc.assert(
      fc.property(messy, fc.array(fc.nat(40), { maxLength: 8 }), (text, cuts) => {
        const read = createReader();
        for (const cut of cuts.sort((a, b) => a - b)) read(text.slice(0, cut), false);
        expect(read(text, true)).toEqual(parseSheet(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows a row and quotes that are not finished, and keeps finished rows', () => {
    const read = createReader();
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

  it('begins anew with another text', () => {
    const read = createReader();
    read('a,b\n1,2\n', false);
    expect(cellsOf(read('x,y\n', false))).toEqual([['x', 'y']]);
  });

  it('reads only what is new of a text that grows by pieces', () => {
    const text = numberedRows(25_000);
    const read = createReader();
    let before = read(text.slice(0, text.length / 200), false).rows;
    for (let i = 2; i <= 200; i++) {
      const { rows } = read(text.slice(0, (text.length * i) / 200), i === 200);
      const readAgain = before.filter((row, index) => row !== rows[index]);
      expect(readAgain.length).toBeLessThanOrEqual(1);
      before = rows;
    }
    expect(before).toHaveLength(25_000);
  });
});

describe('writing', () => {
  it('gives back what was read, to the byte, where no quote is left open', () => {
    fc.assert(
      fc.property(messy, (text) => {
        const sheet = parseSheet(text);
        fc.pre(sheet.rows.every(({ source }) => source !== null));
        expect(writeSheet(sheet)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('can be read again after any edit, and leaves the text of other rows alone', () => {
    fc.assert(
      fc.property(messy, fc.nat(6), fc.nat(4), cell, (text, row, column, value) => {
        const before = parseSheet(text);
        const after = setCells(before, row, column, [[value]]);
        const again = createReader()(writeSheet(after), true);
        // One column, or rows of every length: which delimiter it is may be read differently.
        fc.pre(again.dialect.delimiter === after.dialect.delimiter);
        expect(cellsOf(again)).toEqual(cellsOf(after));
        before.rows.forEach((old, index) => {
          if (index !== row && old.source !== null) expect(after.rows[index]).toBe(old);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps quotes, delimiter and line ends of the rows around an edit', () => {
    const text = 'name;price\r\n"Tea";"1,5"\r\nMilk;2\r\n';
    const sheet = setCells(parseSheet(text), 2, 1, [['3; or 4']]);
    expect(writeSheet(sheet)).toBe('name;price\r\n"Tea";"1,5"\r\nMilk;"3; or 4"\r\n');
  });

  it('quotes for the clipboard what a spreadsheet needs in quotes', () => {
    expect(writeCells(['a', 'b\tc', 'd\ne', 'say "hi"', ''], '\t')).toBe(
      'a\t"b\tc"\t"d\ne"\t"say ""hi"""\t',
    );
  });
});

function numberedRows(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => `${i},"Name, ${i}",${i * 3.5},x${i},y`);
  return rows.join('\n');
}
