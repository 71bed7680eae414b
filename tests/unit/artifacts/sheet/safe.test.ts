import { describe, expect, it } from 'vitest';
import { FORMATS } from '@/artifacts/registry/formats';
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { guardCell, guardSheet } from '@/artifacts/sheet/csv/safe';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/growth';

const formatsOf = (content: string) =>
  FORMATS.sheet({ kind: 'sheet', language: null, title: 'Table' }, content);

describe('a cell that a spreadsheet program would run', () => {
  it.each([
    '=1+1',
    "=cmd|' /C calc'!A0",
    '+1+1',
    '-1+1',
    '-A1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\ttext',
    ' =1',
    '\n=1',
    '\u00a0=1',
    '\u200b=1',
    '\ufeff=1',
    '"=1"',
    '＝1+1',
    '＠SUM(A1)',
    '−A1',
    '=-5',
    '- item',
    '+49 (0) call',
  ])('gets an apostrophe first: %j', (cell) => {
    expect(guardCell(cell).charAt(0)).toBe("'");
    expect(guardCell(cell).replaceAll("'", '')).toBe(cell.replaceAll("'", ''));
    expect(guardCell(guardCell(cell))).toBe(guardCell(cell));
  });

  it.each([
    ['a;=1+1', "a;'=1+1"],
    ['a\t@x', "a\t'@x"],
    ['a,"=1', 'a,"\'=1'],
    ['a\n=1', "a\n'=1"],
    ['x;-cmd', "x;'-cmd"],
  ])('that would be one with another separator gets one there: %j', (cell, guarded) => {
    expect(guardCell(cell)).toBe(guarded);
  });

  it.each([
    '',
    'text',
    '-5',
    '+5',
    '−5',
    '-1,234.56',
    '-1.234,56 €',
    '-$3.20',
    '+49 170 1234567',
    '-5%',
    '-1.5e-7',
    '+1E6',
    '-',
    '@',
    'a=b',
    'a@b.example',
    'x, -5',
    '1-2',
    "'=1",
    '2026-11-29',
  ])('is none, and stays as it is: %j', (cell) => {
    expect(guardCell(cell)).toBe(cell);
  });
});

describe('the download of a table', () => {
  const content = 'name;value\r\n"a";-5\r\nb;=1+1\r\n';

  it('is safe first where a cell would run, says so, and leaves every other row as it is', async () => {
    const [safe, unchanged, ...more] = formatsOf(content);
    expect(more).toEqual([]);
    expect(await safe?.make(content, '')).toBe('name;value\r\n"a";-5\r\nb;\'=1+1\r\n');
    expect(safe?.note).toMatch(/^1 cell would run as a formula/);
    expect(unchanged?.name).toBe('CSV, unchanged');
    expect(await unchanged?.make(content, '')).toBe(content);
  });

  it('is the text itself where none would', async () => {
    const harmless = '\ufeffname,value\n"a",-5';
    const [only, ...more] = formatsOf(harmless);
    expect(more).toEqual([]);
    expect(only?.note).toBeUndefined();
    expect(await only?.make(harmless, '')).toBe(harmless);
  });

  it('has no cell that would run, whatever the text is', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '-', '@', '"', ',', ';', '\n', '\r', 'a', ' ', '1'),
    });
    fc.assert(
      fc.property(text, (given) => {
        for (const { cells } of parseSheet(guardSheet(given).text).rows) {
          for (const cell of cells) expect(guardCell(cell)).toBe(cell);
        }
      }),
    );
  });
});

it.each([
  ['line breaks', '\n'],
  ['tabs', '\t'],
  ['separators with quotes', ';"'],
])('a cell of %s is guarded in a time in proportion to it', (_, unit) => {
  expectLinear((size) => {
    const cell = `${unit.repeat(size)}x`;
    return () => guardCell(cell);
  }, 500);
});
