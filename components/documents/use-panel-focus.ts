'use client';

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { isInteractiveFocused } from '@/lib/client/browser/focus';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { PANEL_COVERS_CHAT_QUERY } from '@/lib/client/documents/panel-focus';

/**
 * The last open request that moved the focus. Module state, because each document mounts a new
 * panel.
 */
let lastFocusedRequest = 0;

/**
 * Moves the focus into the panel when the user opens it, never when the model does, and back to
 * where it was when the panel closes. Makes what the panel covers inert.
 * @returns a function that closes the panel
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
    // The panel may have loaded late: do not take the focus from a field that it does not cover.
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
    // Wait until the panel is unmounted and the background is no longer inert.
    setTimeout(() => {
      const { current } = returnFocusTo;
      if (current instanceof HTMLElement && current.isConnected && current !== document.body) {
        current.focus();
      } else if (matchMedia('(pointer: fine)').matches) focusComposer();
    });
  }, [panel, onClose]);
}

/** Makes everything outside the panel inert. Returns a function that undoes it. */
function makeBackgroundInert(panel: HTMLElement | null): () => void {
  const inertElements: Element[] = [];
  for (
    let ancestor: Element | null = panel;
    ancestor && ancestor !== document.body;
    ancestor = ancestor.parentElement
  ) {
    for (const sibling of ancestor.parentElement?.children ?? []) {
      // Skip children of the body: portals of menus and toasts.
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
