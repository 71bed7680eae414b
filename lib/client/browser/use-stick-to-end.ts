'use client';

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { isEditable } from '@/lib/client/browser/focus';

/** Whoever has come this near to the end by scrolling down wants to be there. */
const NEAR_END_PX = 70;
/** A move up by more than this, while nothing shrinks, is a jump to something further up. */
const JUMP_PX = 100;
/** A scroll so soon after a wheel, a finger or a key is theirs: a flick goes on for a while. */
const USER_SCROLL_MS = 1_000;
const UP_KEYS = new Set(['ArrowUp', 'PageUp', 'Home']);
const DOWN_KEYS = new Set(['ArrowDown', 'PageDown', 'End', ' ']);

export type StickToEnd = {
  /** Goes on the box that scrolls. */
  scrollRef: RefObject<HTMLDivElement | null>;
  /** Goes on what grows inside of it. */
  contentRef: RefObject<HTMLDivElement | null>;
  /** False once the person has let go of the end. */
  isAtEnd: boolean;
  /** At once: a view that glides would race with what grows meanwhile. */
  scrollToEnd: () => void;
  release: () => void;
};

/**
 * Keeps the end of what grows in view, until the person scrolls up, and again when they are back.
 * The view is moved in the frame that the content grew in, and costs no other.
 * @param initiallyAtEnd whether the view is at the end when it opens
 */
export function useStickToEnd(initiallyAtEnd = true): StickToEnd {
  const scrollRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const isSticking = useRef(initiallyAtEnd);
  const [isAtEnd, setIsAtEnd] = useState(initiallyAtEnd);

  const setSticking = useCallback((sticking: boolean) => {
    isSticking.current = sticking;
    setIsAtEnd(sticking);
  }, []);

  useLayoutEffect(() => {
    const scroller = scrollRef.current;
    const content = contentRef.current;
    if (!scroller || !content) return;
    if (isSticking.current) scroller.scrollTop = scroller.scrollHeight;
    let lastScrollTop = scroller.scrollTop;
    let lastScrollHeight = scroller.scrollHeight;
    let touchY = 0;
    let lastUpAt = Number.NEGATIVE_INFINITY;
    let lastDownAt = Number.NEGATIVE_INFINITY;
    let isPointerDown = false;
    const onResize = () => {
      // Text that is being marked must not run away.
      if (isSticking.current && !isPointerDown) scroller.scrollTop = scroller.scrollHeight;
      lastScrollTop = scroller.scrollTop;
      lastScrollHeight = scroller.scrollHeight;
    };
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      const distance = scrollHeight - clientHeight - scrollTop;
      // Rows that get their true height move the view as well.
      const recent = (time: number) => isPointerDown || performance.now() - time < USER_SCROLL_MS;
      if (scrollTop > lastScrollTop && distance <= (recent(lastDownAt) ? NEAR_END_PX : 1))
        setSticking(true);
      else if (scrollTop < lastScrollTop && recent(lastUpAt)) setSticking(false);
      // The page is told of no key: the browser has found something in the page, or has focused it.
      else if (
        scrollTop < lastScrollTop - JUMP_PX &&
        distance > JUMP_PX &&
        scrollHeight >= lastScrollHeight
      )
        setSticking(false);
      else if (distance <= 1 && !recent(lastUpAt)) setSticking(true);
      lastScrollTop = scrollTop;
      lastScrollHeight = scrollHeight;
    };
    const onUserScroll = (upwards: boolean) => {
      if (upwards) lastUpAt = performance.now();
      else lastDownAt = performance.now();
      // At once: a growing answer would move the view back before it has scrolled.
      if (upwards && scroller.scrollTop > 0) setSticking(false);
    };
    const onWheel = ({ deltaY, ctrlKey }: WheelEvent) => {
      // With Ctrl it zooms.
      if (deltaY !== 0 && !ctrlKey) onUserScroll(deltaY < 0);
    };
    const onTouchStart = ({ touches }: TouchEvent) => {
      touchY = touches[0]?.clientY ?? 0;
    };
    const onTouchMove = ({ touches }: TouchEvent) => {
      const y = touches[0]?.clientY ?? touchY;
      // The content follows the finger.
      if (y !== touchY) onUserScroll(y > touchY);
      touchY = y;
    };
    const onKey = ({ key, shiftKey, target }: KeyboardEvent) => {
      const upwards = UP_KEYS.has(key) || (key === ' ' && shiftKey);
      if (!upwards && !DOWN_KEYS.has(key)) return;
      if (isEditable(target)) return;
      // The keys of another box that scrolls, or of none.
      if (target instanceof Node && target !== document.body && !target.contains(scroller)) {
        if (!scroller.contains(target)) return;
      }
      onUserScroll(upwards);
    };
    const onPress = ({ type }: Event) => {
      if (isPointerDown || type === 'pointerdown') lastUpAt = lastDownAt = performance.now();
      isPointerDown = type === 'pointerdown';
    };
    const observer = new ResizeObserver(onResize);
    observer.observe(content);
    observer.observe(scroller);
    const controller = new AbortController();
    const passive = { passive: true, signal: controller.signal };
    scroller.addEventListener('scroll', onScroll, passive);
    scroller.addEventListener('wheel', onWheel, passive);
    scroller.addEventListener('touchstart', onTouchStart, passive);
    scroller.addEventListener('touchmove', onTouchMove, passive);
    addEventListener('keydown', onKey, passive);
    // On its scroll bar as well.
    scroller.addEventListener('pointerdown', onPress, passive);
    for (const type of ['pointerup', 'pointercancel']) addEventListener(type, onPress, passive);
    return () => {
      observer.disconnect();
      controller.abort();
    };
  }, [setSticking]);

  const scrollToEnd = useCallback(() => {
    setSticking(true);
    const box = scrollRef.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, [setSticking]);
  const release = useCallback(() => setSticking(false), [setSticking]);
  return { scrollRef, contentRef, isAtEnd, scrollToEnd, release };
}
