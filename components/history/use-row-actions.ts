'use client';

import { useCallback, useMemo, useState } from 'react';
import { toast } from '@/lib/client/browser/toast';
import {
  deleteChatOptimistically,
  renameChatOptimistically,
} from '@/lib/client/history/use-history';
import { RequestError } from '@/lib/client/http/api';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import type { ChatSummary } from '@/lib/protocol/api';
import type { RowActions } from './chat-row';

/** What is open over the list: one row's menu, its rename field, or the question before deleting. */
export type RowOverlay = {
  kind: 'menu' | 'rename' | 'delete';
  chat: ChatSummary;
  anchor: HTMLElement | null;
};

/**
 * Everything that can be done to a row of the history.
 * @param currentId the chat that is open.
 */
export function useRowActions(currentId: string | undefined, onNavigate?: () => void) {
  const navigate = useNavigate();
  const [overlay, setOverlay] = useState<RowOverlay | null>(null);

  const actions = useMemo<RowActions>(
    () => ({
      openMenu: (chat, anchor) => setOverlay({ kind: 'menu', chat, anchor }),
      startRename: (chat) => setOverlay({ kind: 'rename', chat, anchor: null }),
      finishRename: (chat, title) => {
        setOverlay(null);
        if (title)
          renameChatOptimistically(chat.id, title).catch(
            reportError('The chat could not be renamed.'),
          );
      },
      confirmDelete: (chat, anchor) => setOverlay({ kind: 'delete', chat, anchor }),
      open: (chat) => {
        // It may be open already, perhaps in the middle of an answer: nothing to load.
        if (chat.id !== currentId) navigate(`/chat/${chat.id}`);
        onNavigate?.();
      },
    }),
    [currentId, navigate, onNavigate],
  );

  function deleteConfirmed(chat: ChatSummary) {
    deleteChatOptimistically(chat.id).catch(
      reportError(`“${chat.title || 'New chat'}” could not be deleted.`),
    );
    // "Back" is not to lead to what is not there any more.
    if (chat.id === currentId) navigate('/', { replace: true });
  }

  /** What closes may have opened the next one already: the menu, say, the rename field. */
  const close = useCallback((kind: RowOverlay['kind']) => {
    setOverlay((open) => (open?.kind === kind ? null : open));
  }, []);

  return { overlay, close, actions, confirmDelete: deleteConfirmed };
}

function reportError(title: string) {
  return (error: unknown) =>
    toast.error(title, {
      description: error instanceof RequestError ? error.message : undefined,
    });
}
