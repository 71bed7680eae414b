'use client';

import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Chat } from '@/components/chat/chat';
import { FetchedChat } from '@/components/chat/fetched-chat';
import { newUuid } from '@/lib/client/browser/new-uuid';
import { useRendersCurrentUrl } from '@/lib/client/navigation/use-navigate';
import type { ChatDetail } from '@/lib/protocol/api';

/**
 * Displays the chat that the URL names:
 *
 * - "/": a new chat, another one each time the user returns to "/";
 * - the URL of a chat that was started on this page: that chat stays mounted;
 * - the URL of the server-rendered chat: that chat, until the user navigates away;
 * - any other chat: the browser fetches it.
 */
export function CurrentChat({ detail }: { detail?: ChatDetail }) {
  useRendersCurrentUrl();
  const urlChatId = /^\/chat\/([\w-]+)$/.exec(usePathname())?.[1];
  const [newChat, setNewChat] = useState(() => ({ id: newUuid(), urlChatId }));
  // Server-rendered content is outdated once the user has navigated away.
  const [serverDetail, setServerDetail] = useState(detail);
  // After navigating away from the new chat, started or not, "/" gets another one.
  if (urlChatId !== newChat.urlChatId)
    setNewChat({ id: urlChatId === newChat.id ? urlChatId : newUuid(), urlChatId });
  if (serverDetail && serverDetail.chat.id !== urlChatId) setServerDetail(undefined);
  if (!urlChatId || urlChatId === newChat.id) return <Chat key={newChat.id} chatId={newChat.id} />;
  if (serverDetail?.chat.id === urlChatId)
    return <Chat key={urlChatId} chatId={urlChatId} detail={serverDetail} />;
  return <FetchedChat key={urlChatId} chatId={urlChatId} />;
}
