'use client';

import { usePathname } from 'next/navigation';

/**
 * The id of the open chat, undefined in one that is not begun. Right also where the address has
 * changed without a load: the pathname follows history.pushState.
 */
export function useCurrentChatId(): string | undefined {
  return usePathname().match(/^\/chat\/([^/]+)/)?.[1];
}
