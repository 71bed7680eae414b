'use client';

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { isEditable } from '@/lib/client/browser/focus';

/** Scrolling down to within this distance of the end sticks to the end. */
const NEAR_END_PX = 70;
/** Moving up by more than this while the content does not shrink is a jump to earlier content. */
const JUMP_PX = 100;
/** Scrolling within this time after wheel, touch or key input is the user's, including momentum. */
const USER_SCROLL_MS = 1_000;
const UP_KEYS = new Set(['ArrowUp', 'PageUp', 'Home']);
const DOWN_KEYS = new Set(['ArrowDown', 'PageDown', 'End', ' ']);

export type StickToEnd = {
  /** For the scroll container. */
  scrollRef: RefObject<HTMLDivElement | null>;
  /** For the growing content inside it. */
  contentRef: RefObject<HTMLDivElement | null>;
  /** False once the user has scrolled away from the end. */
  isAtEnd: boolean;
  /** Jumps without animation: smooth scrolling would lag behind growing content. */
  scrollToEnd: () => void;
  release: () => void;
};

/**
 * Keeps the end of growing content in view until the user scrolls up, and again once they scroll
 * back down. Scrolls in the frame in which the content grew, without an extra frame.
 * @param initiallyAtEnd whether to start at the end
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
      // Do not scroll while the user selects text.
      if (isSticking.current && !isPointerDown) scroller.scrollTop = scroller.scrollHeight;
      lastScrollTop = scroller.scrollTop;
      lastScrollHeight = scroller.scrollHeight;
    };
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      const distance = scrollHeight - clientHeight - scrollTop;
      // Rows that get their measured height also cause scroll events, hence the check for input.
      const recent = (time: number) => isPointerDown || performance.now() - time < USER_SCROLL_MS;
      if (scrollTop > lastScrollTop && distance <= (recent(lastDownAt) ? NEAR_END_PX : 1))
        setSticking(true);
      else if (scrollTop < lastScrollTop && recent(lastUpAt)) setSticking(false);
      // A jump without an input event: the browser's find in page, or a focus change.
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
      // Released immediately: growing content would otherwise scroll back before the scroll event.
      if (upwards && scroller.scrollTop > 0) setSticking(false);
    };
    const onWheel = ({ deltaY, ctrlKey }: WheelEvent) => {
      // Ctrl and wheel zooms.
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
      // Ignore keys pressed outside this scroller and its ancestors.
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
    // Includes presses on the scroll bar.
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
