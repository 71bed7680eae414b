'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { usePrinting } from '@/lib/client/use-printing';

/** Messages drawn at first: more than fit on a screen, few enough to be there at once. */
const FIRST = 12;
const MORE = 24;
/** Earlier messages are drawn when the person has come this near to them. */
const NEAR_PX = 1_200;
/** By then the view is at its end; before, the first messages drawn are on the screen. */
const PLACED_MS = 100;

/**
 * How many of the last messages to draw. Earlier ones are added as the person scrolls up to them,
 * and what they are looking at stays where it is.
 */
export function useTail(total: number): {
  count: number;
  /** Goes on an element above the first message that is drawn. */
  sentinel: RefObject<HTMLDivElement | null>;
  /** Draws the messages from this one on. */
  draw: (index: number) => void;
} {
  const [extra, setExtra] = useState(0);
  // Counted from the front, so that a new message does not make an old one disappear.
  const [start] = useState(Math.max(0, total - FIRST));
  const printing = usePrinting();
  const first = printing ? 0 : Math.max(0, Math.min(start, total) - extra);
  const sentinel = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ element: Element; top: number } | null>(null);

  useEffect(() => {
    const element = sentinel.current;
    if (!element || first === 0) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        const next = element.nextElementSibling;
        if (next) anchor.current = { element: next, top: next.getBoundingClientRect().top };
        setExtra((before) => before + MORE);
      },
      { root: scrollerOf(element), rootMargin: `${NEAR_PX}px 0px 0px 0px` },
    );
    const timer = setTimeout(() => observer.observe(element), PLACED_MS);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [first]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: after more has been drawn
  useLayoutEffect(() => {
    if (!anchor.current) return;
    const { element, top } = anchor.current;
    anchor.current = null;
    const scroller = scrollerOf(element);
    // Browsers hold the view in place by themselves, but for Safari, and not at the very top.
    if (!scroller || (CSS.supports('overflow-anchor', 'auto') && scroller.scrollTop > 0)) return;
    scroller.scrollTop += element.getBoundingClientRect().top - top;
  }, [first]);

  const draw = useCallback(
    (index: number) => setExtra((before) => Math.max(before, start - index)),
    [start],
  );
  return { count: total - first, sentinel, draw };
}

function scrollerOf(element: Element): Element | null {
  return element.closest('[data-scroller]');
}
