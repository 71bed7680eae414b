'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useIsPrinting } from '@/lib/client/browser/use-is-printing';

/** Messages drawn at first: more than fit on a screen, few enough to be there at once. */
const INITIAL_MESSAGES = 12;
const MESSAGES_PER_STEP = 24;
/** Earlier messages are drawn when the person has come this near to them. */
const LOAD_AHEAD_PX = 1_200;
/** By then the view is at its end; before, the first messages drawn are on the screen. */
const OBSERVE_DELAY_MS = 100;

/**
 * How many of the last messages to draw. Earlier ones are added as the person scrolls up to them,
 * and what they are looking at stays where it is.
 */
export function useMessageWindow(total: number): {
  count: number;
  /** Goes on an element above the first message that is drawn. */
  sentinel: RefObject<HTMLDivElement | null>;
  /** Draws the messages from this one on. */
  renderFrom: (index: number) => void;
} {
  const [extraCount, setExtraCount] = useState(0);
  // Counted from the front, so that a new message does not make an old one disappear.
  const [initialStart] = useState(Math.max(0, total - INITIAL_MESSAGES));
  const printing = useIsPrinting();
  const firstIndex = printing ? 0 : Math.max(0, Math.min(initialStart, total) - extraCount);
  const sentinel = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ element: Element; top: number } | null>(null);

  useEffect(() => {
    const element = sentinel.current;
    if (!element || firstIndex === 0) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        const next = element.nextElementSibling;
        if (next) anchor.current = { element: next, top: next.getBoundingClientRect().top };
        setExtraCount((before) => before + MESSAGES_PER_STEP);
      },
      { root: findScroller(element), rootMargin: `${LOAD_AHEAD_PX}px 0px 0px 0px` },
    );
    const timer = setTimeout(() => observer.observe(element), OBSERVE_DELAY_MS);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [firstIndex]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: after more has been drawn
  useLayoutEffect(() => {
    if (!anchor.current) return;
    const { element, top } = anchor.current;
    anchor.current = null;
    const scroller = findScroller(element);
    // Browsers hold the view in place by themselves, but for Safari, and not at the very top.
    if (!scroller || (CSS.supports('overflow-anchor', 'auto') && scroller.scrollTop > 0)) return;
    scroller.scrollTop += element.getBoundingClientRect().top - top;
  }, [firstIndex]);

  const renderFrom = useCallback(
    (index: number) => setExtraCount((before) => Math.max(before, initialStart - index)),
    [initialStart],
  );
  return { count: total - firstIndex, sentinel, renderFrom };
}

function findScroller(element: Element): Element | null {
  return element.closest('[data-scroller]');
}
