'use client';

import { useEffect, useRef } from 'react';

/** Marks the entry of the browser's history that stands for the overlays that are open. */
const OVERLAY_STATE_KEY = 'overlay';

type Overlay = { close: () => void };

/** What is open, the uppermost last. */
const overlays: Overlay[] = [];
/** An entry is being taken off: until then none can be added. */
let isPoppingEntry = false;
let isNavigating = false;
let isListening = false;

function isOverlayEntryCurrent(): boolean {
  return history.state?.[OVERLAY_STATE_KEY] === true;
}

/**
 * Lets the browser's Back close the uppermost overlay, instead of leaving the page: while any is open, the
 * history has one entry more, with the same address. When the last one is closed in another way, that
 * entry is taken off again; where the user goes on to another page meanwhile, that page must replace it
 * (`replacesOverlay`).
 * @param open whether the overlay covers the page
 */
export function useCloseOnBack(open: boolean, onClose: () => void): void {
  const latestOnClose = useRef(onClose);
  useEffect(() => {
    latestOnClose.current = onClose;
  });
  useEffect(() => {
    if (!open) return;
    const overlay: Overlay = { close: () => latestOnClose.current() };
    overlays.push(overlay);
    isNavigating = false;
    if (!isListening) addEventListener('popstate', onPopState);
    isListening = true;
    pushOverlayEntry();
    return () => {
      overlays.splice(overlays.indexOf(overlay), 1);
      if (overlays.length > 0) pushOverlayEntry();
      else if (isOverlayEntryCurrent() && !isNavigating) popOverlayEntry();
    };
  }, [open]);
}

/** As `useBackCloses` for a menu or dialog, where there is a touch screen: elsewhere Escape closes it. */
export function useDismissOnBack(
  open: boolean | undefined,
  onOpenChange: ((open: boolean) => void) | undefined,
): void {
  const isOpenOnTouchScreen = open === true && matchMedia('(pointer: coarse)').matches;
  useCloseOnBack(isOpenOnTouchScreen, () => onOpenChange?.(false));
}

function pushOverlayEntry(): void {
  if (isPoppingEntry || isOverlayEntryCurrent()) return;
  // The router's own state goes along: it would load the page anew for an entry without it.
  history.pushState({ ...history.state, [OVERLAY_STATE_KEY]: true }, '');
}

function popOverlayEntry(): void {
  if (isPoppingEntry) return;
  isPoppingEntry = true;
  history.back();
}

function onPopState(): void {
  if (isPoppingEntry) {
    isPoppingEntry = false;
    // Something may have opened meanwhile.
    if (overlays.length > 0) pushOverlayEntry();
  } else if (!isOverlayEntryCurrent()) {
    overlays.at(-1)?.close();
  } else if (overlays.length === 0) {
    // Forward, to what has been closed.
    popOverlayEntry();
  }
}

/**
 * Call it right before a navigation.
 * @returns whether an overlay's entry is on top of the history, which the new page must replace
 */
export function beginNavigation(): boolean {
  isNavigating = isOverlayEntryCurrent();
  return isNavigating;
}
