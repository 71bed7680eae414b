import { describe, expect, it } from 'vitest';
import { FORMATS } from '@/artifacts/registry/formats';
import { escapeFormula, escapeFormulas } from '@/artifacts/sheet/csv/escape-formulas';
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/linear-time';

const formatsOf = (content: string) =>
  FORMATS.sheet({ kind: 'sheet', language: null, title: 'Table' }, content);

describe('a cell that a spreadsheet program would execute', () => {
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
  ])('gets a leading apostrophe: %j', (cell) => {
    expect(escapeFormula(cell).charAt(0)).toBe("'");
    expect(escapeFormula(cell).replaceAll("'", '')).toBe(cell.replaceAll("'", ''));
    expect(escapeFormula(escapeFormula(cell))).toBe(escapeFormula(cell));
  });

  it.each([
    ['a;=1+1', "a;'=1+1"],
    ['a\t@x', "a\t'@x"],
    ['a,"=1', 'a,"\'=1'],
    ['a\n=1', "a\n'=1"],
    ['x;-cmd', "x;'-cmd"],
  ])('is also recognized with another separator: %j', (cell, escaped) => {
    expect(escapeFormula(cell)).toBe(escaped);
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
  ])('does not include harmless text, which stays unchanged: %j', (cell) => {
    expect(escapeFormula(cell)).toBe(cell);
  });
});

describe('a downloaded table', () => {
  const content = 'name;value\r\n"a";-5\r\nb;=1+1\r\n';

  it('escapes executable cells by default, notes it, and leaves all other rows unchanged', async () => {
    const [safe, unchanged, ...more] = formatsOf(content);
    expect(more).toEqual([]);
    expect(await safe?.convert(content, '')).toBe('name;value\r\n"a";-5\r\nb;\'=1+1\r\n');
    expect(safe?.note).toMatch(/^1 cell would run as a formula/);
    expect(unchanged?.name).toBe('CSV, unchanged');
    expect(await unchanged?.convert(content, '')).toBe(content);
  });

  it('is the unchanged text if no cell is executable', async () => {
    const harmless = '\ufeffname,value\n"a",-5';
    const [only, ...more] = formatsOf(harmless);
    expect(more).toEqual([]);
    expect(only?.note).toBeUndefined();
    expect(await only?.convert(harmless, '')).toBe(harmless);
  });

  it('has no executable cell for any text', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '-', '@', '"', ',', ';', '\n', '\r', 'a', ' ', '1'),
    });
    fc.assert(
      fc.property(text, (source) => {
        for (const { cells } of parseSheet(escapeFormulas(source).text).rows) {
          for (const cell of cells) expect(escapeFormula(cell)).toBe(cell);
        }
      }),
    );
  });
});

it.each([
  ['line breaks', '\n'],
  ['tabs', '\t'],
  ['separators with quotes', ';"'],
])('a cell of repeated %s is escaped in linear time', (_, unit) => {
  expectLinear((size) => {
    const cell = `${unit.repeat(size)}x`;
    return () => escapeFormula(cell);
  }, 500);
});
