'use client';

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { COVERS } from '@/lib/client/artifact/may-open';
import { focusComposer } from '@/lib/client/composer';
import { isFocusInUse } from '@/lib/client/focus';

/** The last wish of the person that the focus has followed: a panel is mounted for each document. */
let followed = 0;

/**
 * The focus goes into the panel when the person opens it, never when the model does; back to where
 * it was when the panel closes. What the panel covers cannot be reached meanwhile.
 * @returns closes the panel
 */
export function usePanelFocus(
  panel: RefObject<HTMLElement | null>,
  asked: number,
  fullScreen: boolean,
  onClose: () => void,
): () => void {
  const cameFrom = useRef<Element | null>(null);
  useEffect(() => {
    const byPerson = asked !== followed && asked > 0;
    followed = asked;
    // The panel may have come late: it takes the focus from no field that it does not cover.
    if (!byPerson || (isFocusInUse() && !matchMedia(COVERS).matches)) return;
    if (panel.current?.contains(document.activeElement)) return;
    cameFrom.current = document.activeElement;
    panel.current?.focus();
  }, [panel, asked]);

  useEffect(() => {
    const covers = matchMedia(COVERS);
    let uncover = () => {};
    const adjust = () => {
      uncover();
      uncover = fullScreen || covers.matches ? coverBehind(panel.current) : () => {};
    };
    adjust();
    covers.addEventListener('change', adjust);
    return () => {
      covers.removeEventListener('change', adjust);
      uncover();
    };
  }, [panel, fullScreen]);

  return useCallback(() => {
    const focused = document.activeElement;
    const inside = focused === document.body || panel.current?.contains(focused);
    onClose();
    if (!inside) return;
    // After the panel is gone, and what it covered can be reached again.
    setTimeout(() => {
      const { current } = cameFrom;
      if (current instanceof HTMLElement && current.isConnected && current !== document.body) {
        current.focus();
      } else if (matchMedia('(pointer: fine)').matches) focusComposer();
    });
  }, [panel, onClose]);
}

/** Makes everything inert that is on the page beside the panel. @returns undoes it */
function coverBehind(panel: HTMLElement | null): () => void {
  const covered: Element[] = [];
  for (
    let part: Element | null = panel;
    part && part !== document.body;
    part = part.parentElement
  ) {
    for (const sibling of part.parentElement?.children ?? []) {
      // Menus and messages are put at the end of the body.
      const over = part.parentElement === document.body;
      if (sibling === part || over || sibling.hasAttribute('inert')) continue;
      sibling.setAttribute('inert', '');
      covered.push(sibling);
    }
  }
  return () => {
    for (const element of covered) element.removeAttribute('inert');
  };
}
