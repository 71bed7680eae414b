'use client';

import {
  refreshHistory,
  removeChatFromHistory,
  restoreInHistory,
} from '@/lib/client/history/use-history';
import { useLiveEvents } from '@/lib/client/live/use-live-events';

/** Updates the history when another tab or device changes a chat. */
export function useHistoryEvents(): void {
  useLiveEvents((event) => {
    if (event.type === 'document-updated' || event.type === 'settings-updated') return;
    if (event.type === 'chat-deleted') removeChatFromHistory(event.chatId);
    if (event.type === 'chat-restored') restoreInHistory(event.chatId);
    refreshHistory();
  });
}
