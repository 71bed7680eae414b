import type { PointerEvent } from 'react';
import { clampWidth } from '@/artifacts/sheet/grid/geometry';

type ResizeHandleProps = {
  width: number;
  /** Null fits the column to its content. */
  onResize: (width: number | null) => void;
};

/** The right edge of a column header. Dragging resizes; double-clicking fits the content. */
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
      // For pointers only: the menu offers the same.
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
