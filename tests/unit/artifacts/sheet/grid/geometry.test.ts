import { describe, expect, it } from 'vitest';
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import {
  cellAtPoint,
  columnWidth,
  measureGrid,
  printedSize,
  ROW_PX,
} from '@/artifacts/sheet/grid/geometry';

const widthOf = (cell: string) => columnWidth(measureGrid(parseSheet(`${cell}\n`), new Map()), 0);

describe('a column', () => {
  it('is wider for East Asian characters and emoji than for other scripts', () => {
    const latin = widthOf('abcdefghij');
    expect(widthOf('計画書計画書計画書計')).toBeGreaterThan(latin);
    expect(widthOf('한국어한국어한국어한')).toBeGreaterThan(latin);
    expect(widthOf('👍👍👍👍👍👍👍👍👍👍')).toBe(widthOf('計画書計画書計画書計'));
  });

  it.each(['“a” – “b”', '→ 10 € …', 'ሰላም ለዓለም'])(
    'is as wide for %s as for as many Latin letters',
    (cell) => {
      expect(widthOf(cell)).toBe(widthOf('x'.repeat(cell.length)));
    },
  );
});

describe('a printed table', () => {
  const sizeOf = (columns: number, rows: number) =>
    printedSize(measureGrid(parseSheet(`${','.repeat(columns - 1)}\n`), new Map()), rows);

  it('is complete, unless rendering all of it would block the page', () => {
    expect(sizeOf(3, 1)).toEqual({ columns: 3, rows: 1 });
    expect(sizeOf(10, 5_000)).toEqual({ columns: 10, rows: 5_000 });
    expect(sizeOf(40, 1_000)).toEqual({ columns: 40, rows: 1_000 });
  });

  it.each([
    [10_000, 96],
    [10, 100_000],
    [1, 500_000],
    [1_000, 1_000],
  ])('has a bounded number of cells for %i columns and %i rows', (columns, rows) => {
    const printed = sizeOf(columns, rows);
    expect(printed.columns * printed.rows).toBeLessThan(51_000);
    expect(printed.columns).toBeLessThan(200);
    expect(printed.rows).toBeGreaterThanOrEqual(Math.min(rows, 100));
  });
});

describe('a point', () => {
  const geometry = measureGrid(parseSheet('a,b\n1,2\n'), new Map());
  const scrolledTo = (scrollTop: number) =>
    ({
      getBoundingClientRect: () => ({ left: 0, top: 0 }),
      scrollLeft: 0,
      scrollTop,
    }) as HTMLElement;
  const inHeader = { clientX: geometry.rowHeaderWidth + 1, clientY: ROW_PX / 2 };
  const belowHeader = { ...inHeader, clientY: ROW_PX * 1.5 };

  it.each([0, 10 * ROW_PX])(
    'on the sticky header is in row 0, scrolled by %i pixels',
    (scrollTop) => {
      expect(cellAtPoint(scrolledTo(scrollTop), geometry, inHeader)).toEqual({ row: 0, column: 0 });
    },
  );

  it('below the header is in the row that is visible there', () => {
    expect(cellAtPoint(scrolledTo(0), geometry, belowHeader).row).toBe(1);
    expect(cellAtPoint(scrolledTo(10 * ROW_PX), geometry, belowHeader).row).toBe(11);
  });

  it('on the header of a drag is in the covered row, if there is one', () => {
    expect(cellAtPoint(scrolledTo(10 * ROW_PX), geometry, inHeader, true).row).toBe(10);
    expect(cellAtPoint(scrolledTo(0), geometry, inHeader, true).row).toBe(0);
  });
});
