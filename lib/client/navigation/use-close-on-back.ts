'use client';

import { useEffect, useRef } from 'react';

/** Key in `history.state` that marks the history entry of the open overlays. */
const OVERLAY_STATE_KEY = 'overlay';

type Overlay = {
  close: () => void;
  /** The query of the URL while it is open; '' if it does not change the URL. */
  query: () => string;
};

/** Open overlays, topmost last. */
const overlays: Overlay[] = [];
/** `history.back()` is pending: no entry can be pushed until its popstate event. */
let isPoppingEntry = false;
/** Called at that event. */
let afterPop: (() => void) | undefined;
let isNavigating = false;
let isListening = false;

function isOverlayEntryCurrent(): boolean {
  return history.state?.[OVERLAY_STATE_KEY] === true;
}

/**
 * Makes the browser's Back button close the topmost overlay instead of leaving the page. While an
 * overlay is open, the history has an extra entry, with the same path. When the last overlay closes
 * in another way, that entry is removed. A navigation meanwhile must replace it
 * (`beginNavigation`).
 * @param open whether the overlay is open
 * @param query the query of that entry's URL; one that changes adds no entry
 */
export function useCloseOnBack(open: boolean, onClose: () => void, query = ''): void {
  const latest = useRef({ onClose, query });
  useEffect(() => {
    latest.current = { onClose, query };
  });
  useEffect(() => {
    if (!open) return;
    const overlay: Overlay = {
      close: () => latest.current.onClose(),
      query: () => latest.current.query,
    };
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
  useEffect(() => {
    if (open && query) pushOverlayEntry();
  }, [open, query]);
}

/** `useCloseOnBack` for a menu or dialog, on touch screens only: elsewhere Escape closes it. */
export function useDismissOnBack(
  open: boolean | undefined,
  onOpenChange: ((open: boolean) => void) | undefined,
): void {
  const isOpenOnTouchScreen = open === true && matchMedia('(pointer: coarse)').matches;
  useCloseOnBack(isOpenOnTouchScreen, () => onOpenChange?.(false));
}

/** Adds the entry of the open overlays, or updates its URL. */
function pushOverlayEntry(): void {
  if (isPoppingEntry) return;
  const query = overlays.findLast((overlay) => overlay.query() !== '')?.query() ?? '';
  const { pathname, search, hash } = location;
  const isPushed = isOverlayEntryCurrent();
  if (isPushed && query === search) return;
  // The entry below, which may have been opened from a link, is the page without overlays.
  if (!isPushed && search) history.replaceState(history.state, '', pathname + hash);
  // Keeps the router's state: the router would reload the page for an entry without it.
  const state = { ...history.state, [OVERLAY_STATE_KEY]: true };
  history[isPushed ? 'replaceState' : 'pushState'](state, '', pathname + query + hash);
}

function popOverlayEntry(): void {
  if (isPoppingEntry) return;
  isPoppingEntry = true;
  history.back();
}

function onPopState(): void {
  if (isPoppingEntry) {
    isPoppingEntry = false;
    const navigate = afterPop;
    afterPop = undefined;
    if (navigate) navigate();
    // An overlay may have opened meanwhile.
    else if (overlays.length > 0) pushOverlayEntry();
  } else if (!isOverlayEntryCurrent()) {
    overlays.at(-1)?.close();
  } else if (overlays.length === 0 && !location.search) {
    // Forward to the entry of a closed overlay, which cannot open again.
    popOverlayEntry();
  }
}

/** Calls `navigate` in the history entry of the page, without that of its overlays. */
export function navigateWithoutOverlays(navigate: () => void): void {
  if (isPoppingEntry || isOverlayEntryCurrent()) {
    afterPop = navigate;
    popOverlayEntry();
  } else navigate();
}

/**
 * Call this right before a navigation.
 * @returns whether the current history entry belongs to an overlay; the new page must replace it
 */
export function beginNavigation(): boolean {
  isNavigating = isOverlayEntryCurrent();
  return isNavigating;
}
