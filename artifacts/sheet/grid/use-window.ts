import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { columnAt, type Geometry, ROW_PX } from '@/artifacts/sheet/grid/geometry';
import { usePrinting } from '@/lib/client/use-printing';

/** What is drawn moves on in steps of so many rows, and reaches so many beyond what is seen. */
const STEP_ROWS = 4;
const SPARE_ROWS = 12;
const STEP_PX = 120;
const SPARE_PX = 240;

/** Rows below the first, and columns, from the first to the last that are drawn. */
export type Window = {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
  /** Rows that are seen at a time. */
  page: number;
  /** Looks now where the table has been scrolled to: the event of that comes a frame later. */
  look: () => void;
};

type Viewport = { top: number; left: number; width: number; height: number };

function viewportOf(box: HTMLElement): Viewport {
  return {
    top: Math.floor(box.scrollTop / (ROW_PX * STEP_ROWS)) * STEP_ROWS,
    left: Math.floor(box.scrollLeft / STEP_PX) * STEP_PX,
    width: box.clientWidth,
    height: Math.ceil(box.clientHeight / ROW_PX),
  };
}

/**
 * The part of the table that is in view, and a little around it.
 * @param follow whether the end is in view however the table grows
 */
export function useWindow(
  boxRef: RefObject<HTMLDivElement | null>,
  rows: number,
  { offsets }: Geometry,
  follow: boolean,
): Window {
  const [viewport, setViewport] = useState<Viewport>({ top: 0, left: 0, width: 800, height: 30 });

  const look = useCallback(() => {
    const box = boxRef.current;
    if (!box) return;
    const now = viewportOf(box);
    setViewport((last) => {
      const same =
        last.top === now.top &&
        last.left === now.left &&
        last.width === now.width &&
        last.height === now.height;
      return same ? last : now;
    });
  }, [boxRef]);

  useLayoutEffect(() => {
    const box = boxRef.current;
    if (!box) return;
    look();
    const observer = new ResizeObserver(look);
    observer.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [boxRef, look]);

  const printing = usePrinting();
  return useMemo(() => {
    if (printing) {
      return {
        firstRow: 1,
        lastRow: rows - 1,
        firstColumn: 0,
        lastColumn: offsets.length - 2,
        page: 1,
        look,
      };
    }
    const { left, width, height } = viewport;
    const top = follow ? Math.max(0, rows - height) : viewport.top;
    return {
      firstRow: Math.max(1, top - SPARE_ROWS),
      lastRow: Math.min(rows - 1, top + height + STEP_ROWS + SPARE_ROWS),
      firstColumn: columnAt(offsets, left - SPARE_PX),
      lastColumn: columnAt(offsets, left + STEP_PX + width + SPARE_PX),
      page: Math.max(1, height - 3),
      look,
    };
  }, [viewport, rows, offsets, follow, look, printing]);
}
