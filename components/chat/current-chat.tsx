'use client';

import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Chat } from '@/components/chat/chat';
import { FetchedChat } from '@/components/chat/fetched-chat';
import { newUuid } from '@/lib/client/browser/new-uuid';
import { useRendersCurrentUrl } from '@/lib/client/navigation/use-navigate';
import type { ChatDetail } from '@/lib/protocol/api';

/**
 * The page of whichever chat the address names:
 *
 * - "/": a chat that is not begun; another one each time the user comes back to "/";
 * - the address of the chat that was begun on this page: still that chat;
 * - the chat that the server has rendered, as long as it was not left;
 * - any other chat: the browser fetches it.
 */
export function CurrentChat({ detail }: { detail?: ChatDetail }) {
  useRendersCurrentUrl();
  const urlChatId = /^\/chat\/([\w-]+)$/.exec(usePathname())?.[1];
  const [newChat, setNewChat] = useState(() => ({ id: newUuid(), at: urlChatId }));
  // What the server has rendered is out of date once it was left.
  const [serverDetail, setServerDetail] = useState(detail);
  // Once left, whether it was begun or not, it is not the new chat any more that "/" is for.
  if (urlChatId !== newChat.at)
    setNewChat({ id: urlChatId === newChat.id ? urlChatId : newUuid(), at: urlChatId });
  if (serverDetail && serverDetail.chat.id !== urlChatId) setServerDetail(undefined);
  if (!urlChatId || urlChatId === newChat.id) return <Chat key={newChat.id} chatId={newChat.id} />;
  if (serverDetail?.chat.id === urlChatId)
    return <Chat key={urlChatId} chatId={urlChatId} detail={serverDetail} />;
  return <FetchedChat key={urlChatId} chatId={urlChatId} />;
}
