'use client';

import { dropChat, refreshHistory } from '@/lib/client/history';
import { useLiveEvents } from '@/lib/client/live';

/** Keeps the history of chats as it is, whoever changes it wherever. */
export function useLiveHistory(): void {
  useLiveEvents((event) => {
    if (event.type === 'document-updated') return;
    if (event.type === 'chat-deleted') dropChat(event.chatId);
    refreshHistory();
  });
}
