'use client';

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Whoever has come this near to the end by scrolling down wants to be there. */
const NEAR_PX = 70;
/** A scroll so soon after a wheel, a finger or a key is theirs: a flick goes on for a while. */
const BY_HAND_MS = 1_000;
const SCROLL_KEYS = new Set(['ArrowUp', 'PageUp', 'Home', ' ']);

export type StickToEnd = {
  /** Goes on the box that scrolls. */
  scrollRef: RefObject<HTMLDivElement | null>;
  /** Goes on what grows inside of it. */
  contentRef: RefObject<HTMLDivElement | null>;
  /** False once the person has let go of the end. */
  isAtEnd: boolean;
  /** At once: a view that glides would race with what grows meanwhile. */
  scrollToEnd: () => void;
  letGo: () => void;
};

/**
 * Keeps the end of what grows in view, until the person scrolls up, and again when they are back.
 * The view is moved in the frame that the content grew in, and costs no other.
 * @param first whether the view is at the end when it opens
 */
export function useStickToEnd(first = true): StickToEnd {
  const scrollRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const stuck = useRef(first);
  const [isAtEnd, setIsAtEnd] = useState(first);

  const stick = useCallback((now: boolean) => {
    stuck.current = now;
    setIsAtEnd(now);
  }, []);

  useLayoutEffect(() => {
    const box = scrollRef.current;
    const content = contentRef.current;
    if (!box || !content) return;
    if (stuck.current) box.scrollTop = box.scrollHeight;
    let top = box.scrollTop;
    let handAt = Number.NEGATIVE_INFINITY;
    let held = false;
    const follow = () => {
      // Text that is being marked must not run away.
      if (stuck.current && !held) box.scrollTop = box.scrollHeight;
      top = box.scrollTop;
    };
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = box;
      const distance = scrollHeight - clientHeight - scrollTop;
      // Rows that get their true height move the view as well.
      const byHand = held || performance.now() - handAt < BY_HAND_MS;
      if (distance <= 1 || (scrollTop > top && distance <= NEAR_PX)) stick(true);
      else if (scrollTop < top && byHand) stick(false);
      top = scrollTop;
    };
    const onHand = (event: Event) => {
      if (event instanceof KeyboardEvent && !SCROLL_KEYS.has(event.key)) return;
      if (event instanceof WheelEvent && event.deltaY >= 0) return;
      handAt = performance.now();
    };
    const onPress = (event: Event) => {
      if (held || event.type === 'pointerdown') handAt = performance.now();
      held = event.type === 'pointerdown';
    };
    const observer = new ResizeObserver(follow);
    observer.observe(content);
    observer.observe(box);
    const controller = new AbortController();
    const passive = { passive: true, signal: controller.signal };
    box.addEventListener('scroll', onScroll, passive);
    for (const type of ['wheel', 'touchmove']) box.addEventListener(type, onHand, passive);
    addEventListener('keydown', onHand, passive);
    // On its scroll bar as well.
    box.addEventListener('pointerdown', onPress, passive);
    for (const type of ['pointerup', 'pointercancel']) addEventListener(type, onPress, passive);
    return () => {
      observer.disconnect();
      controller.abort();
    };
  }, [stick]);

  const scrollToEnd = useCallback(() => {
    stick(true);
    const box = scrollRef.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, [stick]);
  const letGo = useCallback(() => stick(false), [stick]);
  return { scrollRef, contentRef, isAtEnd, scrollToEnd, letGo };
}
