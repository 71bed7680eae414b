'use client';

import { usePathname, useSelectedLayoutSegments } from 'next/navigation';

/**
 * Which chat is open. `unsettled`: the first send of a new chat has put /chat/<id> into the address
 * bar, while the router still holds the page of `/` (a real navigation would cut the stream).
 */
export function useChatLocation(): { chatId: string | undefined; unsettled: boolean } {
  const chatId = usePathname().match(/^\/chat\/([^/]+)/)?.[1];
  const segments = useSelectedLayoutSegments();
  return { chatId, unsettled: chatId !== undefined && segments.length === 0 };
}
