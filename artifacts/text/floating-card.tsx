'use client';

import { type ComponentProps, useLayoutEffect, useRef } from 'react';
import { cn } from '@/components/ui/class-names';
import { isComposing } from '@/lib/client/browser/is-composing';

const GAP_PX = 6;

/** Where a piece of the text begins and ends, in pixels of the window. */
export type AnchorEdges = {
  start: { top: number; left: number };
  end: { bottom: number };
};

type FloatingCardProps = Omit<ComponentProps<'div'>, 'onKeyDown'> & {
  /** Asked anew when it is another function: the piece has moved. Null where there is no such place. */
  anchor: () => AnchorEdges | null;
  side: 'above' | 'below';
  onEscape?: () => void;
};

/** A card at a piece of the text. It scrolls with it, and never leaves its column. */
export function FloatingCard({ anchor, side, onEscape, className, ...rest }: FloatingCardProps) {
  const card = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const box = card.current;
    const column = box?.offsetParent;
    if (!box || !column) return;
    const position = () => {
      const ends = anchor();
      if (!ends) return;
      const around = column.getBoundingClientRect();
      const above = ends.start.top - around.top - box.offsetHeight - GAP_PX;
      const below = ends.end.bottom - around.top + GAP_PX;
      const left = Math.min(ends.start.left - around.left, around.width - box.offsetWidth);
      box.style.top = `${Math.round(side === 'above' && above > -GAP_PX ? above : below)}px`;
      box.style.left = `${Math.round(Math.max(0, left))}px`;
    };
    position();
    // In another width the lines break elsewhere.
    const resizeObserver = new ResizeObserver(position);
    resizeObserver.observe(column);
    return () => resizeObserver.disconnect();
  }, [anchor, side]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from whatever is in it
    <div
      ref={card}
      className={cn(
        'absolute z-10 max-w-full animate-pop-in rounded-lg border bg-popover text-popover-foreground text-sm shadow-popover',
        className,
      )}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !onEscape || isComposing(event)) return;
        event.stopPropagation();
        onEscape();
      }}
      {...rest}
    />
  );
}
