'use client';

import type { ChatRequest } from '@/lib/client/chat/chat-request';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { findRunEnded } from '@/lib/client/chat/message-view';
import type { Reconcile } from '@/lib/client/chat/use-follow-run';
import { locallyDeletedIds, refreshHistory } from '@/lib/client/history/use-history';
import { useLiveEvents } from '@/lib/client/live/use-live-events';

const DELETED_MESSAGE = 'This chat was deleted.';

/** False while the first message of a new chat may not have arrived: there is no queue to fetch. */
function isOnServer({ accepted, messagesBefore }: ChatRequest): boolean {
  return accepted || messagesBefore.length > 0;
}

/**
 * Updates the open chat when another tab or device sends, selects a branch, deletes or restores it.
 */
export function useChatEvents(
  internals: ConversationInternals,
  { reconcile, followBranch }: { reconcile: Reconcile; followBranch: () => Promise<void> },
): void {
  const { chatId, chat, requestRef, snapshotUpdatedAt, setters } = internals;

  /** After missed events. The history shows whether the chat changed, without refetching it. */
  async function catchUp() {
    if (requestRef.current || chat.current.messages.length === 0) return;
    const page = await refreshHistory();
    const summary = page?.chats.find(({ id }) => id === chatId);
    if (summary && !summary.live && summary.updatedAt === snapshotUpdatedAt.current) return;
    await reconcile({ silent: true });
  }

  function isDisplayedFinished(messageId: string): boolean {
    const message = chat.current.messages.find(({ id }) => id === messageId);
    return message !== undefined && findRunEnded(message) !== undefined;
  }

  /** Does nothing after a selection by this page: the response contains it. */
  async function followSelection(updatedAt: string) {
    await internals.pendingSelection.current;
    const displayedUpdatedAt = snapshotUpdatedAt.current;
    if (displayedUpdatedAt === null || displayedUpdatedAt < updatedAt) await followBranch();
  }

  function isFollowingOther(messageId: string): boolean {
    const { current: request } = requestRef;
    return request?.messageId !== undefined && request.messageId !== messageId;
  }

  useLiveEvents((event) => {
    if (event.type === 'ready') {
      // The queue may have changed. Without a running answer, `catchUp` fetches the chat.
      if (requestRef.current && isOnServer(requestRef.current)) setters.setUsesQueue(true);
      catchUp();
      return;
    }
    if (event.type === 'settings-updated' || event.chatId !== chatId) return;
    if (event.type === 'chat-deleted') {
      if (!locallyDeletedIds.has(chatId)) setters.setUnavailableReason(DELETED_MESSAGE);
    } else if (event.type === 'chat-restored') {
      setters.setUnavailableReason(null);
      reconcile({ silent: true });
    } else if (event.type === 'run-started') {
      if (requestRef.current) requestRef.current.newestRunMessageId = event.messageId;
      // Until the server has accepted this page's own message, the run may be that message's.
      if (!requestRef.current || isFollowingOther(event.messageId)) followBranch();
    } else if (event.type === 'branch-selected') {
      followSelection(event.updatedAt);
    } else if (event.type === 'queue-changed') {
      setters.setUsesQueue(true);
    } else if (event.type === 'run-ended') {
      if (!requestRef.current && !isDisplayedFinished(event.messageId)) reconcile({ silent: true });
    }
  });
}
