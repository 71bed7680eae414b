'use client';

import { useCallback, useMemo, useState } from 'react';
import { withLazyModule } from '@/lib/client/browser/with-lazy-module';
import { loadChangeChat, useDeleteChat } from '@/lib/client/history/use-delete-chat';
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
  const deleteChat = useDeleteChat(onNavigate);
  const [overlay, setOverlay] = useState<RowOverlay | null>(null);

  const actions = useMemo<RowActions>(
    () => ({
      openMenu: (chat, anchor) => setOverlay({ kind: 'menu', chat, anchor }),
      startRename: (chat) => {
        setOverlay({ kind: 'rename', chat, anchor: null });
        // Preloads it.
        loadChangeChat().catch(() => {});
      },
      finishRename: (chat, title) => {
        setOverlay(null);
        if (title) withLazyModule(loadChangeChat, ({ renameChat }) => renameChat(chat.id, title));
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
