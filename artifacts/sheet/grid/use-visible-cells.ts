import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { columnAt, type GridGeometry, printedSize, ROW_PX } from '@/artifacts/sheet/grid/geometry';
import { useIsPrinting } from '@/lib/client/browser/use-is-printing';

/** The rendered area moves in steps, and extends beyond the visible area by the overscan. */
const ROWS_PER_STEP = 4;
const OVERSCAN_ROWS = 12;
const PIXELS_PER_STEP = 120;
const OVERSCAN_PX = 240;

/** The range of rows (below the header) and columns to render. */
export type VisibleCells = {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
  /** The number of rows that PageUp and PageDown move by. */
  visibleRows: number;
  /** The size of what is printed; null while nothing is. */
  printed: { columns: number; rows: number } | null;
  /** Reads the scroll position now: the scroll event arrives a frame later. */
  update: () => void;
};

type Viewport = { top: number; left: number; width: number; height: number };

function readViewport(scroller: HTMLElement): Viewport {
  return {
    top: Math.floor(scroller.scrollTop / (ROW_PX * ROWS_PER_STEP)) * ROWS_PER_STEP,
    left: Math.floor(scroller.scrollLeft / PIXELS_PER_STEP) * PIXELS_PER_STEP,
    width: scroller.clientWidth,
    height: Math.ceil(scroller.clientHeight / ROW_PX),
  };
}

/**
 * Returns the visible part of the grid plus overscan; while printing, everything that is printed.
 * @param sticksToEnd whether the end stays in view as the sheet grows
 */
export function useVisibleCells(
  scrollerRef: RefObject<HTMLDivElement | null>,
  rows: number,
  geometry: GridGeometry,
  sticksToEnd: boolean,
): VisibleCells {
  const [viewport, setViewport] = useState<Viewport>({ top: 0, left: 0, width: 800, height: 30 });

  const update = useCallback(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const now = readViewport(scroller);
    setViewport((last) => {
      const same =
        last.top === now.top &&
        last.left === now.left &&
        last.width === now.width &&
        last.height === now.height;
      return same ? last : now;
    });
  }, [scrollerRef]);

  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    update();
    const observer = new ResizeObserver(update);
    observer.observe(scroller);
    scroller.addEventListener('scroll', update, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', update);
    };
  }, [scrollerRef, update]);

  const printing = useIsPrinting();
  return useMemo(() => {
    const { offsets } = geometry;
    if (printing) {
      const printed = printedSize(geometry, rows);
      return {
        firstRow: 1,
        lastRow: printed.rows - 1,
        firstColumn: 0,
        lastColumn: printed.columns - 1,
        visibleRows: 1,
        printed,
        update,
      };
    }
    const { left, width, height } = viewport;
    const top = sticksToEnd ? Math.max(0, rows - height) : viewport.top;
    return {
      firstRow: Math.max(1, top - OVERSCAN_ROWS),
      lastRow: Math.min(rows - 1, top + height + ROWS_PER_STEP + OVERSCAN_ROWS),
      firstColumn: columnAt(offsets, left - OVERSCAN_PX),
      lastColumn: columnAt(offsets, left + PIXELS_PER_STEP + width + OVERSCAN_PX),
      visibleRows: Math.max(1, height - 3),
      printed: null,
      update,
    };
  }, [viewport, rows, geometry, sticksToEnd, update, printing]);
}
