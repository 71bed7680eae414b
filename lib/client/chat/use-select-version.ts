'use client';

import { useCallback } from 'react';
import { showDetail } from '@/lib/client/chat/show-detail';
import type { Reconcile } from '@/lib/client/chat/use-follow';
import { messageOf, type Workings } from '@/lib/client/chat/workings';
import { api, RequestError } from '@/lib/client/http';
import type { ChatDetail, SelectBranchBody } from '@/lib/protocol/api';

/** Opens the branch that holds a message. Does nothing while an answer is being made. */
export function useSelectVersion(
  workings: Workings,
  reconcile: Reconcile,
): (messageId: string) => Promise<void> {
  return useCallback(
    async (messageId) => {
      const { chatId, turn, turns, show } = workings;
      if (turn.current) return;
      const before = turns.current;
      show.problem(null);
      const json: SelectBranchBody = { messageId };
      try {
        const detail = await api<ChatDetail>(`/api/chat/${chatId}/branch`, { method: 'PUT', json });
        if (turns.current === before) showDetail(workings, detail);
      } catch (error) {
        show.problem(messageOf(error));
        // Refused: the chat is not any more as it is shown.
        if (error instanceof RequestError && error.status > 0) await reconcile({ quiet: true });
      }
    },
    [workings, reconcile],
  );
}
