'use client';

import { refreshHistory, removeChatFromHistory } from '@/lib/client/history/use-history';
import { useLiveEvents } from '@/lib/client/live/use-live-events';

/** Updates the history when another tab or device changes a chat. */
export function useHistoryEvents(): void {
  useLiveEvents((event) => {
    if (event.type === 'document-updated' || event.type === 'settings-updated') return;
    if (event.type === 'chat-deleted') removeChatFromHistory(event.chatId);
    refreshHistory();
  });
}
