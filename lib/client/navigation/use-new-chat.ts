'use client';

import { useCallback } from 'react';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import { useCurrentChatId } from './use-current-chat-id';

/** Opens a new chat; if one is open already, focuses its message box. */
export function useNewChat(): () => void {
  const navigate = useNavigate();
  const isChatOpen = useCurrentChatId() !== undefined;
  return useCallback(() => {
    if (isChatOpen) navigate('/');
    else focusComposer();
  }, [navigate, isChatOpen]);
}
