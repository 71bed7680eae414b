'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useIsPrinting } from '@/lib/client/browser/use-is-printing';

/** Messages rendered initially: more than fit on a screen, few enough to render quickly. */
const INITIAL_MESSAGES = 12;
const MESSAGES_PER_STEP = 24;
/** Earlier messages are rendered when the user has scrolled this close to them. */
const LOAD_AHEAD_PX = 1_200;
/** Delay until the view has scrolled to its end; before, the first messages are in view. */
const OBSERVE_DELAY_MS = 100;

/**
 * Returns how many of the last messages to render. Earlier ones are added as the user scrolls up;
 * the visible messages keep their position.
 */
export function useMessageWindow(total: number): {
  count: number;
  /** For an element above the first rendered message. */
  sentinel: RefObject<HTMLDivElement | null>;
  /** Renders the messages from this index on. */
  renderFrom: (index: number) => void;
} {
  const [extraCount, setExtraCount] = useState(0);
  // A start index instead of a count, so that a new message does not hide an old one.
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: after more messages have rendered
  useLayoutEffect(() => {
    if (!anchor.current) return;
    const { element, top } = anchor.current;
    anchor.current = null;
    const scroller = findScroller(element);
    // Browsers other than Safari anchor the scroll position themselves, except at the very top.
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
