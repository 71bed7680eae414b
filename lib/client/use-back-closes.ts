'use client';

import { useEffect, useRef } from 'react';

/** Marks the entry of the browser's history that an overlay added. */
const KEY = 'overlay';

function onTop(): boolean {
  return typeof history.state?.[KEY] === 'string';
}

/**
 * Lets the browser's Back close an overlay that covers the page, instead of leaving the page: while it
 * is open, the history has one entry more, with the same address. Closed in another way, it takes that
 * entry off again; where the user goes on to another page meanwhile, that page must replace it
 * (`replacesOverlay`).
 * @param open whether the overlay covers the page
 */
export function useBackCloses(open: boolean, onClose: () => void): void {
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useEffect(() => {
    if (!open) return;
    const id = crypto.getRandomValues(new Uint32Array(2)).join('-');
    // The router's own state goes along: it would load the page anew for an entry without it.
    const state = { ...history.state, [KEY]: id };
    if (onTop()) history.replaceState(state, '');
    else history.pushState(state, '');
    leaving = false;
    const onPop = () => {
      if (history.state?.[KEY] !== id) latest.current();
    };
    addEventListener('popstate', onPop);
    return () => {
      removeEventListener('popstate', onPop);
      if (history.state?.[KEY] === id && !leaving) history.back();
    };
  }, [open]);
}

let leaving = false;

/**
 * Call it right before a navigation.
 * @returns whether an overlay's entry is on top of the history, which the new page must replace
 */
export function replacesOverlay(): boolean {
  leaving = onTop();
  return leaving;
}
