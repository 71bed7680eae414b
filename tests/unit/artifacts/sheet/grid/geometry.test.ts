import { describe, expect, it } from 'vitest';
import { parseSheet } from '@/artifacts/sheet/csv/parse';
import { cellAtPoint, columnWidth, measureGrid, ROW_PX } from '@/artifacts/sheet/grid/geometry';

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
