'use client';

import { type ComponentProps, useLayoutEffect, useRef } from 'react';
import { cn } from '@/components/ui/class-names';
import { isComposing } from '@/lib/client/browser/is-composing';

const GAP_PX = 6;

/** The edges of a text range, in viewport pixels. */
export type AnchorEdges = {
  start: { top: number; left: number };
  end: { bottom: number };
};

type FloatingCardProps = Omit<ComponentProps<'div'>, 'onKeyDown'> & {
  /** Returns the edges; null if the range does not exist. Pass a new function when it has moved. */
  anchor: () => AnchorEdges | null;
  side: 'above' | 'below';
  onEscape?: () => void;
};

/** A card at a text range. It scrolls with the text and stays within its column. */
export function FloatingCard({ anchor, side, onEscape, className, ...rest }: FloatingCardProps) {
  const card = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const box = card.current;
    const column = box?.offsetParent;
    if (!box || !column) return;
    const position = () => {
      const edges = anchor();
      if (!edges) return;
      const bounds = column.getBoundingClientRect();
      const above = edges.start.top - bounds.top - box.offsetHeight - GAP_PX;
      const below = edges.end.bottom - bounds.top + GAP_PX;
      const left = Math.min(edges.start.left - bounds.left, bounds.width - box.offsetWidth);
      box.style.top = `${Math.round(side === 'above' && above > -GAP_PX ? above : below)}px`;
      box.style.left = `${Math.round(Math.max(0, left))}px`;
    };
    position();
    // A new width changes the line breaks.
    const resizeObserver = new ResizeObserver(position);
    resizeObserver.observe(column);
    return () => resizeObserver.disconnect();
  }, [anchor, side]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: handles Escape from any child
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
