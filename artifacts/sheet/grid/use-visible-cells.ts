import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { columnAt, type GridGeometry, ROW_PX } from '@/artifacts/sheet/grid/geometry';
import { useIsPrinting } from '@/lib/client/browser/use-is-printing';

/** What is drawn moves on in steps of so many rows, and reaches so many beyond what is seen. */
const ROWS_PER_STEP = 4;
const OVERSCAN_ROWS = 12;
const PIXELS_PER_STEP = 120;
const OVERSCAN_PX = 240;

/** Rows below the first, and columns, from the first to the last that are drawn. */
export type VisibleCells = {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
  /** Rows that are seen at a time. */
  visibleRows: number;
  /** Looks now where the table has been scrolled to: the event of that comes a frame later. */
  update: () => void;
};

type Viewport = { top: number; left: number; width: number; height: number };

function readViewport(box: HTMLElement): Viewport {
  return {
    top: Math.floor(box.scrollTop / (ROW_PX * ROWS_PER_STEP)) * ROWS_PER_STEP,
    left: Math.floor(box.scrollLeft / PIXELS_PER_STEP) * PIXELS_PER_STEP,
    width: box.clientWidth,
    height: Math.ceil(box.clientHeight / ROW_PX),
  };
}

/**
 * The part of the table that is in view, and a little around it.
 * @param sticksToEnd whether the end is in view however the table grows
 */
export function useVisibleCells(
  scrollerRef: RefObject<HTMLDivElement | null>,
  rows: number,
  { offsets }: GridGeometry,
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
    const box = scrollerRef.current;
    if (!box) return;
    update();
    const observer = new ResizeObserver(update);
    observer.observe(box);
    box.addEventListener('scroll', update, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', update);
    };
  }, [scrollerRef, update]);

  const printing = useIsPrinting();
  return useMemo(() => {
    if (printing) {
      return {
        firstRow: 1,
        lastRow: rows - 1,
        firstColumn: 0,
        lastColumn: offsets.length - 2,
        page: 1,
        look: update,
      };
    }
    const { left, width, height } = viewport;
    const top = sticksToEnd ? Math.max(0, rows - height) : viewport.top;
    return {
      firstRow: Math.max(1, top - OVERSCAN_ROWS),
      lastRow: Math.min(rows - 1, top + height + ROWS_PER_STEP + OVERSCAN_ROWS),
      firstColumn: columnAt(offsets, left - OVERSCAN_PX),
      lastColumn: columnAt(offsets, left + PIXELS_PER_STEP + width + OVERSCAN_PX),
      page: Math.max(1, height - 3),
      look: update,
    };
  }, [viewport, rows, offsets, sticksToEnd, update, printing]);
}
