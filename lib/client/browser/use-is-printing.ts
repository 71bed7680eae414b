'use client';

import { useSyncExternalStore } from 'react';

let printing = false;

function subscribe(listener: () => void): () => void {
  const controller = new AbortController();
  const setPrinting = (now: boolean) => () => {
    printing = now;
    listener();
  };
  const { signal } = controller;
  addEventListener('beforeprint', setPrinting(true), { signal });
  addEventListener('afterprint', setPrinting(false), { signal });
  return () => controller.abort();
}

/**
 * Whether the page is being printed. Virtualized content must then be rendered in full. True
 * before the browser lays out the printed page.
 */
export function useIsPrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );
}
