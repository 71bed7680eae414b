'use client';

import { usePathname } from 'next/navigation';

/**
 * Returns the id of the open chat; undefined for a new chat. Also correct when the URL changed
 * without a page load: the pathname follows `history.pushState`.
 */
export function useCurrentChatId(): string | undefined {
  return usePathname().match(/^\/chat\/([^/]+)/)?.[1];
}
