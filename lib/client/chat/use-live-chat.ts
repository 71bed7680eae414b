'use client';

import { runEnded } from '@/lib/client/chat/message-view';
import type { Reconcile } from '@/lib/client/chat/use-follow';
import type { Workings } from '@/lib/client/chat/workings';
import { isDeletedHere, refreshHistory } from '@/lib/client/history';
import { useLiveEvents } from '@/lib/client/live';

const DELETED = 'This chat was deleted, in another tab or on another device.';

/** Brings what happens in the open chat elsewhere onto the page: questions, answers, its end. */
export function useLiveChat(
  { chatId, chat, turn, seenAt, show }: Workings,
  reconcile: Reconcile,
): void {
  /** After a gap. The history tells whether anything has happened without sending all of it. */
  async function catchUp() {
    if (turn.current || chat.current.messages.length === 0) return;
    const page = await refreshHistory();
    const now = page?.chats.find(({ id }) => id === chatId);
    if (now && !now.live && now.updatedAt === seenAt.current) return;
    await reconcile({ quiet: true });
  }

  function isShown(messageId: string): boolean {
    const shown = chat.current.messages.find(({ id }) => id === messageId);
    return shown !== undefined && runEnded(shown) !== undefined;
  }

  useLiveEvents((event) => {
    if (event.type === 'ready') {
      catchUp();
      return;
    }
    if (event.chatId !== chatId) return;
    if (event.type === 'chat-deleted') {
      if (!isDeletedHere(chatId)) show.gone(DELETED);
    } else if (event.type === 'run-started') {
      if (turn.current) turn.current.startedId = event.messageId;
      else reconcile({ quiet: true });
    } else if (event.type === 'branch-selected') {
      if (turn.current) turn.current.isVersion = true;
      else reconcile({ quiet: true });
    } else if (event.type === 'run-ended') {
      if (!turn.current && !isShown(event.messageId)) reconcile({ quiet: true });
    }
  });
}
