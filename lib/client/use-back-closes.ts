'use client';

import { useEffect, useRef } from 'react';

/** Marks the entry of the browser's history that stands for the overlays that are open. */
const KEY = 'overlay';

type Overlay = { close: () => void };

/** What is open, the uppermost last. */
const overlays: Overlay[] = [];
/** An entry is being taken off: until then none can be added. */
let returning = false;
let leaving = false;
let listens = false;

function onTop(): boolean {
  return history.state?.[KEY] === true;
}

/**
 * Lets the browser's Back close the uppermost overlay, instead of leaving the page: while any is open, the
 * history has one entry more, with the same address. When the last one is closed in another way, that
 * entry is taken off again; where the user goes on to another page meanwhile, that page must replace it
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
    const overlay: Overlay = { close: () => latest.current() };
    overlays.push(overlay);
    leaving = false;
    if (!listens) addEventListener('popstate', onPop);
    listens = true;
    addEntry();
    return () => {
      overlays.splice(overlays.indexOf(overlay), 1);
      if (overlays.length > 0) addEntry();
      else if (onTop() && !leaving) removeEntry();
    };
  }, [open]);
}

/** As `useBackCloses` for a menu or dialog, where there is a touch screen: elsewhere Escape closes it. */
export function useBackDismisses(
  open: boolean | undefined,
  onOpenChange: ((open: boolean) => void) | undefined,
): void {
  const isTouched = open === true && matchMedia('(pointer: coarse)').matches;
  useBackCloses(isTouched, () => onOpenChange?.(false));
}

function addEntry(): void {
  if (returning || onTop()) return;
  // The router's own state goes along: it would load the page anew for an entry without it.
  history.pushState({ ...history.state, [KEY]: true }, '');
}

function removeEntry(): void {
  if (returning) return;
  returning = true;
  history.back();
}

function onPop(): void {
  if (returning) {
    returning = false;
    // Something may have opened meanwhile.
    if (overlays.length > 0) addEntry();
  } else if (!onTop()) {
    overlays.at(-1)?.close();
  } else if (overlays.length === 0) {
    // Forward, to what has been closed.
    removeEntry();
  }
}

/**
 * Call it right before a navigation.
 * @returns whether an overlay's entry is on top of the history, which the new page must replace
 */
export function replacesOverlay(): boolean {
  leaving = onTop();
  return leaving;
}
