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
 * Whether the page is being printed: what is otherwise drawn only where it is in view must then be
 * drawn in full. True before the browser lays the printed page out.
 */
export function useIsPrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );
}
