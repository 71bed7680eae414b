'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { selectedAnswerRange } from '@/components/chat/selected-text';

/** Time without a change after which a selection made by keyboard or touch is complete. */
const SETTLED_AFTER_MS = 200;

type UseSelectedRangeResult = {
  /** The selected range in an answer; null while the user is still selecting. */
  range: Range | null;
  /** Hides the range until the selection changes. */
  dismiss: () => void;
};

/**
 * The selection in an answer. Does not change while the element of `ref` is being pressed: on touch
 * screens that removes the selection before the click.
 */
export function useSelectedRange(ref: RefObject<HTMLElement | null>): UseSelectedRangeResult {
  const [range, setRange] = useState<Range | null>(null);
  const isPressed = useRef(false);
  useEffect(() => {
    let isSelectingByMouse = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = () => {
      if (!isPressed.current && !isSelectingByMouse) setRange(selectedAnswerRange());
    };
    const scheduleUpdate = () => {
      clearTimeout(timer);
      timer = setTimeout(update, SETTLED_AFTER_MS);
    };
    const onSelectionChange = () => {
      if (isPressed.current) return;
      // Hides at once, but not between two key presses that extend the selection.
      if (getSelection()?.isCollapsed) setRange(null);
      scheduleUpdate();
    };
    const onPointerDown = ({ target, pointerType }: PointerEvent) => {
      isPressed.current = target instanceof Node && ref.current?.contains(target) === true;
      isSelectingByMouse = !isPressed.current && pointerType === 'mouse';
    };
    const onPointerEnd = () => {
      isPressed.current = false;
      isSelectingByMouse = false;
      scheduleUpdate();
    };
    // The component was loaded for the current selection.
    scheduleUpdate();
    document.addEventListener('selectionchange', onSelectionChange);
    addEventListener('pointerdown', onPointerDown);
    addEventListener('pointerup', onPointerEnd);
    addEventListener('pointercancel', onPointerEnd);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('selectionchange', onSelectionChange);
      removeEventListener('pointerdown', onPointerDown);
      removeEventListener('pointerup', onPointerEnd);
      removeEventListener('pointercancel', onPointerEnd);
    };
  }, [ref]);
  return { range, dismiss: () => setRange(null) };
}
