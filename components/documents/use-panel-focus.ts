'use client';

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { PANEL_COVERS_CHAT_QUERY } from '@/lib/client/documents/panel-focus';

/** The last wish of the person that the focus has followed: a panel is mounted for each document. */
let lastFocusedRequest = 0;

/**
 * The focus goes into the panel when the person opens it, never when the model does; back to where
 * it was when the panel closes. What the panel covers cannot be reached meanwhile.
 * @returns closes the panel
 */
export function usePanelFocus(
  panel: RefObject<HTMLElement | null>,
  openRequests: number,
  fullScreen: boolean,
  onClose: () => void,
): () => void {
  const returnFocusTo = useRef<Element | null>(null);
  useEffect(() => {
    const isUserRequest = openRequests !== lastFocusedRequest && openRequests > 0;
    lastFocusedRequest = openRequests;
    // The panel may have come late: it takes the focus from no field that it does not cover.
    if (!isUserRequest || (isInteractiveFocused() && !matchMedia(PANEL_COVERS_CHAT_QUERY).matches))
      return;
    if (panel.current?.contains(document.activeElement)) return;
    returnFocusTo.current = document.activeElement;
    panel.current?.focus();
  }, [panel, openRequests]);

  useEffect(() => {
    const coverQuery = matchMedia(PANEL_COVERS_CHAT_QUERY);
    let restoreBackground = () => {};
    const update = () => {
      restoreBackground();
      restoreBackground =
        fullScreen || coverQuery.matches ? makeBackgroundInert(panel.current) : () => {};
    };
    update();
    coverQuery.addEventListener('change', update);
    return () => {
      coverQuery.removeEventListener('change', update);
      restoreBackground();
    };
  }, [panel, fullScreen]);

  return useCallback(() => {
    const focused = document.activeElement;
    const isFocusInside = focused === document.body || panel.current?.contains(focused);
    onClose();
    if (!isFocusInside) return;
    // After the panel is gone, and what it covered can be reached again.
    setTimeout(() => {
      const { current } = returnFocusTo;
      if (current instanceof HTMLElement && current.isConnected && current !== document.body) {
        current.focus();
      } else if (matchMedia('(pointer: fine)').matches) focusComposer();
    });
  }, [panel, onClose]);
}

/** Makes everything inert that is on the page beside the panel. @returns undoes it */
function makeBackgroundInert(panel: HTMLElement | null): () => void {
  const inertElements: Element[] = [];
  for (
    let ancestor: Element | null = panel;
    ancestor && ancestor !== document.body;
    ancestor = ancestor.parentElement
  ) {
    for (const sibling of ancestor.parentElement?.children ?? []) {
      // Menus and messages are put at the end of the body.
      const isPortal = ancestor.parentElement === document.body;
      if (sibling === ancestor || isPortal || sibling.hasAttribute('inert')) continue;
      sibling.setAttribute('inert', '');
      inertElements.push(sibling);
    }
  }
  return () => {
    for (const element of inertElements) element.removeAttribute('inert');
  };
}
