'use client';

import { useCallback } from 'react';
import { withLazyModule } from '@/lib/client/browser/with-lazy-module';
import { useNavigate } from '@/lib/client/navigation/use-navigate';

/** Returns a function that copies the chat up to a message into a new chat and opens it. */
export function useForkChat(chatId: string): (messageId: string) => Promise<void> {
  const navigate = useNavigate();
  return useCallback(
    (messageId) =>
      withLazyModule(
        () => import('./fork-chat'),
        ({ forkChat }) => forkChat(chatId, messageId, navigate),
      ),
    [chatId, navigate],
  );
}
