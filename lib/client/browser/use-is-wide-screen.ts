'use client';

import { useSyncExternalStore } from 'react';

/** Tailwind's `sm` breakpoint. */
const WIDE_SCREEN_QUERY = '(min-width: 40rem)';

/** Whether the window is wider than a phone. For components that only render in the browser. */
export function useIsWideScreen(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(WIDE_SCREEN_QUERY).matches,
    () => true,
  );
}

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(WIDE_SCREEN_QUERY);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
