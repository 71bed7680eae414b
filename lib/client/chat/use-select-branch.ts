'use client';

import { useCallback } from 'react';
import { applyChatDetail } from '@/lib/client/chat/apply-chat-detail';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import type { Reconcile } from '@/lib/client/chat/use-follow-run';
import { api } from '@/lib/client/http/api';
import { RequestError, toErrorMessage } from '@/lib/client/http/request-error';
import type { ChatDetail, SelectBranchBody } from '@/lib/protocol/api';

/** Returns a function that selects a message's branch; it does nothing during a request. */
export function useSelectBranch(
  internals: ConversationInternals,
  reconcile: Reconcile,
): (messageId: string) => Promise<void> {
  return useCallback(
    async (messageId) => {
      const { chatId, requestRef, requestCount, setters } = internals;
      if (requestRef.current) return;
      const requestCountBefore = requestCount.current;
      setters.setErrorMessage(null);
      const json: SelectBranchBody = { messageId };
      try {
        const detail = await api<ChatDetail>(`/api/chat/${chatId}/branch`, { method: 'PUT', json });
        if (requestCount.current === requestCountBefore) applyChatDetail(internals, detail);
      } catch (error) {
        setters.setErrorMessage(toErrorMessage(error));
        // Rejected by the server: the displayed chat is outdated.
        if (error instanceof RequestError && error.status > 0) await reconcile({ silent: true });
      }
    },
    [internals, reconcile],
  );
}
