'use client';

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { isEditable } from '@/lib/client/focus';

/** Whoever has come this near to the end by scrolling down wants to be there. */
const NEAR_PX = 70;
/** A move up by more than this, while nothing shrinks, is a jump to something further up. */
const FAR_PX = 100;
/** A scroll so soon after a wheel, a finger or a key is theirs: a flick goes on for a while. */
const BY_HAND_MS = 1_000;
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
    let height = box.scrollHeight;
    let touchY = 0;
    let upAt = Number.NEGATIVE_INFINITY;
    let downAt = Number.NEGATIVE_INFINITY;
    let held = false;
    const follow = () => {
      // Text that is being marked must not run away.
      if (stuck.current && !held) box.scrollTop = box.scrollHeight;
      top = box.scrollTop;
      height = box.scrollHeight;
    };
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = box;
      const distance = scrollHeight - clientHeight - scrollTop;
      // Rows that get their true height move the view as well.
      const recent = (at: number) => held || performance.now() - at < BY_HAND_MS;
      if (scrollTop > top && distance <= (recent(downAt) ? NEAR_PX : 1)) stick(true);
      else if (scrollTop < top && recent(upAt)) stick(false);
      // The page is told of no key: the browser has found something in the page, or has focused it.
      else if (scrollTop < top - FAR_PX && distance > FAR_PX && scrollHeight >= height)
        stick(false);
      else if (distance <= 1 && !recent(upAt)) stick(true);
      top = scrollTop;
      height = scrollHeight;
    };
    const onMove = (upwards: boolean) => {
      if (upwards) upAt = performance.now();
      else downAt = performance.now();
      // At once: a growing answer would move the view back before it has scrolled.
      if (upwards && box.scrollTop > 0) stick(false);
    };
    const onWheel = ({ deltaY, ctrlKey }: WheelEvent) => {
      // With Ctrl it zooms.
      if (deltaY !== 0 && !ctrlKey) onMove(deltaY < 0);
    };
    const onTouchStart = ({ touches }: TouchEvent) => {
      touchY = touches[0]?.clientY ?? 0;
    };
    const onTouchMove = ({ touches }: TouchEvent) => {
      const y = touches[0]?.clientY ?? touchY;
      // The content follows the finger.
      if (y !== touchY) onMove(y > touchY);
      touchY = y;
    };
    const onKey = ({ key, shiftKey, target }: KeyboardEvent) => {
      const upwards = UP_KEYS.has(key) || (key === ' ' && shiftKey);
      if (!upwards && !DOWN_KEYS.has(key)) return;
      if (isEditable(target)) return;
      // The keys of another box that scrolls, or of none.
      if (target instanceof Node && target !== document.body && !target.contains(box)) {
        if (!box.contains(target)) return;
      }
      onMove(upwards);
    };
    const onPress = ({ type }: Event) => {
      if (held || type === 'pointerdown') upAt = downAt = performance.now();
      held = type === 'pointerdown';
    };
    const observer = new ResizeObserver(follow);
    observer.observe(content);
    observer.observe(box);
    const controller = new AbortController();
    const passive = { passive: true, signal: controller.signal };
    box.addEventListener('scroll', onScroll, passive);
    box.addEventListener('wheel', onWheel, passive);
    box.addEventListener('touchstart', onTouchStart, passive);
    box.addEventListener('touchmove', onTouchMove, passive);
    addEventListener('keydown', onKey, passive);
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
