'use client';

import { useCallback, useMemo, useState } from 'react';
import { deleteChat, renameChat } from '@/lib/client/history';
import { RequestError } from '@/lib/client/http';
import { useGoTo } from '@/lib/client/navigation';
import { toast } from '@/lib/client/toast';
import type { ChatSummary } from '@/lib/protocol/api';
import type { RowActions } from './chat-row';

/** What is open over the list: one row's menu, its rename field, or the question before deleting. */
export type Overlay = {
  kind: 'menu' | 'rename' | 'delete';
  chat: ChatSummary;
  anchor: HTMLElement | null;
};

/**
 * Everything that can be done to a row of the history.
 * @param currentId the chat that is open.
 */
export function useRowActions(currentId: string | undefined, onNavigate?: () => void) {
  const goTo = useGoTo();
  const [overlay, setOverlay] = useState<Overlay | null>(null);

  const actions = useMemo<RowActions>(
    () => ({
      openMenu: (chat, anchor) => setOverlay({ kind: 'menu', chat, anchor }),
      startRename: (chat) => setOverlay({ kind: 'rename', chat, anchor: null }),
      finishRename: (chat, title) => {
        setOverlay(null);
        if (title) renameChat(chat.id, title).catch(report('The chat could not be renamed.'));
      },
      askDelete: (chat, anchor) => setOverlay({ kind: 'delete', chat, anchor }),
      open: (chat) => {
        // It may be open already, perhaps in the middle of an answer: nothing to load.
        if (chat.id !== currentId) goTo(`/chat/${chat.id}`);
        onNavigate?.();
      },
    }),
    [currentId, goTo, onNavigate],
  );

  function confirmDelete(chat: ChatSummary) {
    deleteChat(chat.id).catch(report(`“${chat.title || 'New chat'}” could not be deleted.`));
    // "Back" is not to lead to what is not there any more.
    if (chat.id === currentId) goTo('/', { replace: true });
  }

  /** What closes may have opened the next one already: the menu, say, the rename field. */
  const close = useCallback((kind: Overlay['kind']) => {
    setOverlay((open) => (open?.kind === kind ? null : open));
  }, []);

  return { overlay, close, actions, confirmDelete };
}

function report(what: string) {
  return (error: unknown) =>
    toast.error(what, {
      description: error instanceof RequestError ? error.message : undefined,
    });
}
