'use client';

import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { type ComponentProps, useLayoutEffect, useRef } from 'react';
import { cn } from '@/lib/client/utils';

const GAP_PX = 6;

type FloatingProps = ComponentProps<'div'> & {
  view: EditorView;
  /** What it is placed by; it follows when this changes. */
  state: EditorState;
  from: number;
  to: number;
  side: 'above' | 'below';
};

/** A card at a place in the text. It scrolls with it, and never leaves its column. */
export function Floating({ view, state, from, to, side, className, ...rest }: FloatingProps) {
  const card = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the text moves its places
  useLayoutEffect(() => {
    const box = card.current;
    const column = box?.offsetParent;
    if (!box || !column || to > view.state.doc.content.size) return;
    const around = column.getBoundingClientRect();
    const start = view.coordsAtPos(from);
    const end = view.coordsAtPos(to, -1);
    const above = start.top - around.top - box.offsetHeight - GAP_PX;
    const top = side === 'above' && above > -GAP_PX ? above : end.bottom - around.top + GAP_PX;
    const left = Math.min(start.left - around.left, around.width - box.offsetWidth);
    box.style.top = `${Math.round(top)}px`;
    box.style.left = `${Math.round(Math.max(0, left))}px`;
  }, [view, state, from, to, side]);

  return (
    <div
      ref={card}
      className={cn(
        'absolute z-10 max-w-full animate-pop-in rounded-lg border bg-popover text-popover-foreground text-sm shadow-popover',
        className,
      )}
      {...rest}
    />
  );
}
