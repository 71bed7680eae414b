'use client';

import { createStore, useStore } from '@/lib/client/browser/store';

const printing = createStore(false);

if (typeof window !== 'undefined') {
  addEventListener('beforeprint', () => printing.setState(true));
  addEventListener('afterprint', () => printing.setState(false));
}

/**
 * Whether the page is being printed. Virtualized content must then be rendered in full. True
 * before the browser lays out the printed page.
 */
export function useIsPrinting(): boolean {
  return useStore(printing);
}
