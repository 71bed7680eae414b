'use client';

import { useCallback } from 'react';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { useCurrentChatId } from '@/lib/client/navigation/use-current-chat-id';
import { useNavigate } from '@/lib/client/navigation/use-navigate';

/**
 * Returns a function that opens a new chat, or focuses the message box if a new chat is already open.
 */
export function useNewChat(): () => void {
  const navigate = useNavigate();
  const isStoredChatOpen = useCurrentChatId() !== undefined;
  return useCallback(() => {
    if (isStoredChatOpen) navigate('/');
    else focusComposer();
  }, [navigate, isStoredChatOpen]);
}
