'use client';

import { useCallback, useMemo } from 'react';
import { toast } from '@/lib/client/browser/toast';
import type { BranchActions } from '@/lib/client/chat/conversation';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { leaveRun } from '@/lib/client/chat/leave-run';
import type { DisplayChat, Reconcile } from '@/lib/client/chat/use-follow-run';
import { api } from '@/lib/client/http/api';
import { RequestError, toErrorMessage } from '@/lib/client/http/request-error';
import type { ChatDetail, SelectBranchBody } from '@/lib/protocol/api';

/** The changes to the branches of a chat. The page leaves a running answer for them. */
export function useBranches(
  internals: ConversationInternals,
  { reconcile, display }: { reconcile: Reconcile; display: DisplayChat },
): BranchActions {
  /** Displays the response of a request that changes the active branch. */
  const change = useCallback(
    async (request: () => Promise<ChatDetail>): Promise<boolean> => {
      const { requestRef, requestCount, pendingSelection, setters } = internals;
      const requestCountBefore = requestCount.current;
      setters.setErrorMessage(null);
      try {
        const response = request();
        pendingSelection.current = response.catch(() => {});
        const detail = await withDisplayedStart(internals, await response);
        // A message was sent meanwhile: its branch is active.
        if (requestCount.current !== requestCountBefore) return true;
        if (requestRef.current) await leaveRun(internals);
        await display(detail);
        return true;
      } catch (error) {
        setters.setErrorMessage(toErrorMessage(error));
        // Rejected by the server: the displayed chat is outdated.
        if (error instanceof RequestError && error.status > 0) await reconcile({ silent: true });
        return false;
      }
    },
    [internals, reconcile, display],
  );

  return useMemo(() => {
    const { chatId } = internals;
    const messageUrl = (messageId: string) => `/api/chat/${chatId}/message/${messageId}`;
    return {
      selectBranch: async (messageId, replacedId) => {
        const { messages } = internals.chat.current;
        const index = messages.findIndex(({ id }) => id === replacedId);
        const json: SelectBranchBody = { messageId, after: messages[index - 1]?.id };
        await change(() => api(`/api/chat/${chatId}/branch`, { method: 'PUT', json }));
      },
      deleteBranch: async (messageId) => {
        const url = messageUrl(messageId);
        if (!(await change(() => api(url, { method: 'DELETE' })))) return;
        const undo = () => change(() => api(`${url}/restore`, { method: 'POST' }));
        import('@/lib/client/browser/undo-toast').then(
          ({ showUndoToast }) => showUndoToast('Version deleted.', undo),
          () => toast.success('Version deleted.'),
        );
      },
    };
  }, [internals, change]);
}

/** Fetches the whole chat if the message that the response starts after is no longer displayed. */
async function withDisplayedStart(
  { chat, chatId }: ConversationInternals,
  detail: ChatDetail,
): Promise<ChatDetail> {
  const { after } = detail;
  if (after === undefined || chat.current.messages.some(({ id }) => id === after)) return detail;
  return await api(`/api/chat/${chatId}`);
}
