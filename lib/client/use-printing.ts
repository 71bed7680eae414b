'use client';

import { useSyncExternalStore } from 'react';

let printing = false;

function subscribe(changed: () => void): () => void {
  const controller = new AbortController();
  const set = (now: boolean) => () => {
    printing = now;
    changed();
  };
  const { signal } = controller;
  addEventListener('beforeprint', set(true), { signal });
  addEventListener('afterprint', set(false), { signal });
  return () => controller.abort();
}

/**
 * Whether the page is being printed: what is otherwise drawn only where it is in view must then be
 * drawn in full. True before the browser lays the printed page out.
 */
export function usePrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );
}
