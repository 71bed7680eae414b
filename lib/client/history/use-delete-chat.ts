'use client';

import { useCallback } from 'react';
import { withLazyModule } from '@/lib/client/browser/with-lazy-module';
import { useCurrentChatId } from '@/lib/client/navigation/use-current-chat-id';
import { useNavigate } from '@/lib/client/navigation/use-navigate';

/** Loads what renames and deletes chats. */
export const loadChangeChat = () => import('./change-chat');

/**
 * Returns a function that deletes a chat; a toast offers to undo it, unless the chat is temporary.
 * If the chat is open, a new one opens. The function never rejects.
 * @param onNavigate called after a new chat has been opened
 */
export function useDeleteChat(
  onNavigate?: () => void,
): (chat: { id: string; title: string }, options?: { isTemporary?: boolean }) => Promise<void> {
  const navigate = useNavigate();
  const currentId = useCurrentChatId();
  return useCallback(
    (chat, { isTemporary = false } = {}) =>
      withLazyModule(loadChangeChat, ({ deleteChat }) => {
        const isOpen = chat.id === currentId;
        return deleteChat(chat, {
          isTemporary,
          onDeleted: () => {
            if (!isOpen) return;
            // Replaces the history entry, so that Back does not lead to the deleted chat.
            navigate('/', { replace: true });
            onNavigate?.();
          },
          // Unless the user has opened another chat.
          onRestored: () => isOpen && location.pathname === '/' && navigate(`/chat/${chat.id}`),
        });
      }),
    [navigate, currentId, onNavigate],
  );
}
