'use client';

import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * A message box that grows with its text, and that has the cursor when the page opens. Browsers
 * with `field-sizing` do the growing by themselves; a touch screen would open its keyboard.
 */
export function useGrowingField(text: string): RefObject<HTMLTextAreaElement | null> {
  const field = useRef<HTMLTextAreaElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it grows with the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, []);
  return field;
}
