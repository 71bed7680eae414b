import type { PointerEvent } from 'react';
import { clampWidth } from '@/artifacts/sheet/grid/geometry';

type ResizeHandleProps = {
  width: number;
  /** Null: as wide as its content. */
  onResize: (width: number | null) => void;
};

/** The edge of a column's name: dragged it sets the width, double-clicked it fits the content. */
export function ResizeHandle({ width, onResize }: ResizeHandleProps) {
  function onPointerDown(event: PointerEvent<HTMLSpanElement>) {
    event.preventDefault();
    event.stopPropagation();
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const from = event.clientX - width;
    const controller = new AbortController();
    const { signal } = controller;
    const onDrag = (moved: globalThis.PointerEvent) => onResize(clampWidth(moved.clientX - from));
    handle.addEventListener('pointermove', onDrag, { signal });
    handle.addEventListener('lostpointercapture', () => controller.abort(), { signal });
  }

  return (
    <span
      // For the pointer only: the menu does the same.
      aria-hidden="true"
      onPointerDown={onPointerDown}
      onDoubleClick={(event) => {
        event.stopPropagation();
        onResize(null);
      }}
      className="absolute inset-y-0 right-0 w-2 cursor-col-resize touch-none hover:bg-ring/50"
    />
  );
}
