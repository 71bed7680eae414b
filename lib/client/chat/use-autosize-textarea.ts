'use client';

import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';

/**
 * Makes a message box grow with its text; browsers with `field-sizing` do so themselves. Focuses it
 * on mount, unless the user is in a field, grid, menu or dialog, or on a touch screen, where the
 * focus would open the keyboard.
 * @param onPreHydrationText receives the text of the box on mount, if any: what the user typed
 * before hydration, or a draft that is already displayed
 */
export function useAutosizeTextarea(
  text: string,
  onPreHydrationText: (typed: string) => void,
): RefObject<HTMLTextAreaElement | null> {
  const textarea = useRef<HTMLTextAreaElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: resizes when the text changes
  useLayoutEffect(() => {
    const element = textarea.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, after hydration
  useEffect(() => {
    if (textarea.current?.value) onPreHydrationText(textarea.current.value);
    if (matchMedia('(pointer: fine)').matches && !isInteractiveFocused())
      textarea.current?.focus({ preventScroll: true });
  }, []);
  return textarea;
}
