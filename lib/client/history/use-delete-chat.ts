'use client';

import { useCallback } from 'react';
import { toast } from '@/lib/client/browser/toast';
import { LOADING_FAILED_MESSAGE } from '@/lib/client/browser/use-lazy-component';
import { useCurrentChatId } from '@/lib/client/navigation/use-current-chat-id';
import { useNavigate } from '@/lib/client/navigation/use-navigate';

/**
 * Returns a function that deletes a chat; a toast offers to undo it, unless the chat is temporary.
 * If the chat is open, a new one opens. The function never rejects.
 */
export function useDeleteChat(): (
  chat: { id: string; title: string },
  options?: { isTemporary?: boolean },
) => Promise<void> {
  const navigate = useNavigate();
  const currentId = useCurrentChatId();
  return useCallback(
    async (chat, { isTemporary = false } = {}) => {
      const module = await import('./delete-chat').catch(() => null);
      if (!module) return toast.error(LOADING_FAILED_MESSAGE);
      const isOpen = chat.id === currentId;
      await module.deleteChat(chat, {
        isTemporary,
        // Replaces the history entry, so that Back does not lead to the deleted chat.
        onDeleted: () => isOpen && navigate('/', { replace: true }),
        // Unless the user has opened another chat.
        onRestored: () => isOpen && location.pathname === '/' && navigate(`/chat/${chat.id}`),
      });
    },
    [navigate, currentId],
  );
}
