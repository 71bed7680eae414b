'use client';

import { useCallback, useMemo, useState } from 'react';
import { toast } from '@/lib/client/browser/toast';
import { useDeleteChat } from '@/lib/client/history/use-delete-chat';
import { renameChatOptimistically } from '@/lib/client/history/use-history';
import { toErrorMessage } from '@/lib/client/http/request-error';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import type { ChatSummary } from '@/lib/protocol/api';
import type { RowActions } from './chat-row';

/** The open overlay of the list: a row's menu, rename field or dialog. */
export type RowOverlay = {
  kind: 'menu' | 'rename' | 'instructions';
  chat: ChatSummary;
  anchor: HTMLElement | null;
};

/**
 * The actions of the history's rows and the overlay that they open.
 * @param currentId the id of the open chat
 */
export function useRowActions(currentId: string | undefined, onNavigate?: () => void) {
  const navigate = useNavigate();
  const deleteChat = useDeleteChat();
  const [overlay, setOverlay] = useState<RowOverlay | null>(null);

  const actions = useMemo<RowActions>(
    () => ({
      openMenu: (chat, anchor) => setOverlay({ kind: 'menu', chat, anchor }),
      startRename: (chat) => setOverlay({ kind: 'rename', chat, anchor: null }),
      finishRename: (chat, title) => {
        setOverlay(null);
        if (title)
          renameChatOptimistically(chat.id, title).catch((error) =>
            toast.error('Couldn’t rename the chat.', { description: toErrorMessage(error) }),
          );
      },
      editInstructions: (chat, anchor) => setOverlay({ kind: 'instructions', chat, anchor }),
      deleteChat: (chat, anchor) => {
        const nextFocus = nextRow(anchor);
        deleteChat(chat);
        // After the menu has closed.
        setTimeout(() => nextFocus?.focus());
      },
      open: (chat) => {
        // If the chat is already open, perhaps with a streaming answer, there is nothing to load.
        if (chat.id !== currentId) navigate(`/chat/${chat.id}`);
        onNavigate?.();
      },
    }),
    [currentId, navigate, onNavigate, deleteChat],
  );

  /** Closes only an overlay of this kind: the menu may have opened the rename field meanwhile. */
  const close = useCallback((kind: RowOverlay['kind']) => {
    setOverlay((open) => (open?.kind === kind ? null : open));
  }, []);

  return { overlay, close, actions };
}

/** The link of the row after the one of this element, else of the row before it, else the list. */
function nextRow(element: HTMLElement): HTMLElement | null {
  const list = element.closest('nav');
  const links = [...(list?.querySelectorAll<HTMLElement>('li a') ?? [])];
  const index = links.findIndex((link) => link.parentElement === element.parentElement);
  return links[index + 1] ?? links[index - 1] ?? list;
}
