'use client';

import { usePathname } from 'next/navigation';

/**
 * The id of the open chat, undefined in one that is not begun. Right also where the first send has
 * changed the address without a load: the pathname follows history.replaceState.
 */
export function useCurrentChat(): string | undefined {
  return usePathname().match(/^\/chat\/([^/]+)/)?.[1];
}
