'use client';

import { refreshHistory, removeChatFromHistory } from '@/lib/client/history/use-history';
import { useLiveEvents } from '@/lib/client/live/use-live-events';

/** Keeps the history of chats as it is, whoever changes it wherever. */
export function useHistoryEvents(): void {
  useLiveEvents((event) => {
    if (event.type === 'document-updated') return;
    if (event.type === 'chat-deleted') removeChatFromHistory(event.chatId);
    refreshHistory();
  });
}
