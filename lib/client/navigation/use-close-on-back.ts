'use client';

import { useEffect, useRef } from 'react';

/** Key in `history.state` that marks the history entry of the open overlays. */
const OVERLAY_STATE_KEY = 'overlay';

type Overlay = { close: () => void };

/** Open overlays, topmost last. */
const overlays: Overlay[] = [];
/** `history.back()` is pending: no entry can be pushed until its popstate event. */
let isPoppingEntry = false;
let isNavigating = false;
let isListening = false;

function isOverlayEntryCurrent(): boolean {
  return history.state?.[OVERLAY_STATE_KEY] === true;
}

/**
 * Makes the browser's Back button close the topmost overlay instead of leaving the page. While an
 * overlay is open, the history has an extra entry with the same URL. When the last overlay closes
 * in another way, that entry is removed. A navigation meanwhile must replace it
 * (`beginNavigation`).
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

/** `useCloseOnBack` for a menu or dialog, on touch screens only: elsewhere Escape closes it. */
export function useDismissOnBack(
  open: boolean | undefined,
  onOpenChange: ((open: boolean) => void) | undefined,
): void {
  const isOpenOnTouchScreen = open === true && matchMedia('(pointer: coarse)').matches;
  useCloseOnBack(isOpenOnTouchScreen, () => onOpenChange?.(false));
}

function pushOverlayEntry(): void {
  if (isPoppingEntry || isOverlayEntryCurrent()) return;
  // Keeps the router's state: the router would reload the page for an entry without it.
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
    // An overlay may have opened meanwhile.
    if (overlays.length > 0) pushOverlayEntry();
  } else if (!isOverlayEntryCurrent()) {
    overlays.at(-1)?.close();
  } else if (overlays.length === 0) {
    // Forward to the entry of a closed overlay.
    popOverlayEntry();
  }
}

/**
 * Call this right before a navigation.
 * @returns whether the current history entry belongs to an overlay; the new page must replace it
 */
export function beginNavigation(): boolean {
  isNavigating = isOverlayEntryCurrent();
  return isNavigating;
}
