'use client';

import { useCallback } from 'react';
import { newUuid } from '@/lib/client/browser/new-uuid';
import { toast } from '@/lib/client/browser/toast';
import { refreshHistory } from '@/lib/client/history/use-history';
import { api } from '@/lib/client/http/api';
import { toErrorMessage } from '@/lib/client/http/request-error';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import type { ChatSummary, ForkChatBody } from '@/lib/protocol/api';

/** Returns a function that copies the chat up to a message into a new chat and opens it. */
export function useForkChat(chatId: string): (messageId: string) => Promise<void> {
  const navigate = useNavigate();
  return useCallback(
    async (messageId) => {
      const json: ForkChatBody = { id: newUuid(), messageId };
      try {
        await api<ChatSummary>(`/api/chat/${chatId}/fork`, { method: 'POST', json });
        refreshHistory();
        navigate(`/chat/${json.id}`);
      } catch (error) {
        toast.error('Couldn’t create the new chat.', { description: toErrorMessage(error) });
      }
    },
    [chatId, navigate],
  );
}
