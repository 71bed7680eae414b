'use client';

import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';

/**
 * A message box that grows with its text, and that has the cursor when the page opens. Browsers
 * with `field-sizing` do the growing by themselves; a touch screen would open its keyboard.
 * @param onPreHydrationText gets what the person typed before the page's code had arrived
 */
export function useAutosizeTextarea(
  text: string,
  onPreHydrationText: (typed: string) => void,
): RefObject<HTMLTextAreaElement | null> {
  const textarea = useRef<HTMLTextAreaElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it grows with the text
  useLayoutEffect(() => {
    const element = textarea.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page's code arrives
  useEffect(() => {
    if (textarea.current?.value) onPreHydrationText(textarea.current.value);
    if (matchMedia('(pointer: fine)').matches && !isInteractiveFocused())
      textarea.current?.focus({ preventScroll: true });
  }, []);
  return textarea;
}
