'use client';

import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';

/**
 * Makes a message box grow with its text and focuses it when the page opens, except on touch
 * screens, where this would open the keyboard. Browsers with `field-sizing` resize it themselves.
 * @param onPreHydrationText receives the text that the user typed before hydration
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
