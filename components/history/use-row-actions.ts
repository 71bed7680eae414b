'use client';

import { useCallback, useMemo, useState } from 'react';
import { toast } from '@/lib/client/browser/toast';
import {
  deleteChatOptimistically,
  renameChatOptimistically,
} from '@/lib/client/history/use-history';
import { RequestError } from '@/lib/client/http/request-error';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import type { ChatSummary } from '@/lib/protocol/api';
import type { RowActions } from './chat-row';

/** The open overlay of the list: a row's menu, rename field or dialog. */
export type RowOverlay = {
  kind: 'menu' | 'rename' | 'instructions' | 'delete';
  chat: ChatSummary;
  anchor: HTMLElement | null;
};

/**
 * The actions of the history's rows and the overlay that they open.
 * @param currentId the id of the open chat
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
          renameChatOptimistically(chat.id, title).catch(reportError('Couldn’t rename the chat.'));
      },
      editInstructions: (chat, anchor) => setOverlay({ kind: 'instructions', chat, anchor }),
      confirmDelete: (chat, anchor) => setOverlay({ kind: 'delete', chat, anchor }),
      open: (chat) => {
        // If the chat is already open, perhaps with a streaming answer, there is nothing to load.
        if (chat.id !== currentId) navigate(`/chat/${chat.id}`);
        onNavigate?.();
      },
    }),
    [currentId, navigate, onNavigate],
  );

  function deleteConfirmed(chat: ChatSummary) {
    deleteChatOptimistically(chat.id).catch(
      reportError(`Couldn’t delete “${chat.title || 'New chat'}”.`),
    );
    // Replaces the history entry, so that Back does not lead to the deleted chat.
    if (chat.id === currentId) navigate('/', { replace: true });
  }

  /** Closes only an overlay of this kind: the menu may have opened the rename field meanwhile. */
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
