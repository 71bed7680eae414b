'use client';

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { MAX_WIDTH, MIN_WIDTH, type PanelWidth } from '@/components/documents/use-panel-width';

const KEY_STEP = 2;

/**
 * The divider between chat and panel. Dragging it or its arrow keys change the width; a double click
 * restores the default.
 */
export function PanelDivider({ width }: { width: PanelWidth }) {
  const divider = useRef<HTMLHRElement>(null);
  const [measured, setMeasured] = useState(50);
  useEffect(() => {
    const { current } = divider;
    if (current && width.percent === null) setMeasured(Math.round(measureWidth(current)));
  }, [width.percent]);
  const percent = width.percent ?? measured;

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return;
    event.preventDefault();
    divider.current?.focus();
    divider.current?.setPointerCapture(event.pointerId);
    // An iframe in the document would receive the moves.
    document.documentElement.dataset.dragging = '';
  }
  function onPointerMove({ pointerId, clientX }: PointerEvent) {
    const { current } = divider;
    if (!current?.hasPointerCapture(pointerId)) return;
    const { panel, total } = boxesOf(current);
    const isAtLeft = getComputedStyle(current).direction === 'rtl';
    width.set(((isAtLeft ? clientX - panel.left : panel.right - clientX) / total) * 100);
  }
  function onKeyDown(event: KeyboardEvent) {
    const next = {
      ArrowLeft: percent + KEY_STEP,
      ArrowRight: percent - KEY_STEP,
      Home: MIN_WIDTH,
      End: MAX_WIDTH,
    }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    width.set(next);
  }

  return (
    <hr
      ref={divider}
      aria-label="Width of the document"
      aria-orientation="vertical"
      aria-valuenow={percent}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => delete document.documentElement.dataset.dragging}
      onDoubleClick={() => width.set(null)}
      onKeyDown={onKeyDown}
      className="-left-1.5 absolute inset-y-0 z-10 h-full w-3 cursor-col-resize touch-none border-0 after:absolute after:inset-y-0 after:left-1 after:w-0.5 hover:after:bg-ring focus-visible:after:bg-ring active:after:bg-ring max-lg:hidden print:hidden"
    />
  );
}

function boxesOf(divider: Element): { panel: DOMRect; total: number } {
  const panel = divider.parentElement as HTMLElement;
  return {
    panel: panel.getBoundingClientRect(),
    total: panel.parentElement?.clientWidth ?? innerWidth,
  };
}

function measureWidth(divider: Element): number {
  const { panel, total } = boxesOf(divider);
  return (panel.width / total) * 100;
}
