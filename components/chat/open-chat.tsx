'use client';

import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Chat } from '@/components/chat/chat';
import { StoredChat } from '@/components/chat/stored-chat';
import { newId } from '@/lib/client/chat/new-id';
import { useFollowsAddress } from '@/lib/client/navigation';
import type { ChatDetail } from '@/lib/protocol/api';

/**
 * The page of whichever chat the address names:
 *
 * - "/": a chat that is not begun; another one each time the user comes back to "/";
 * - the address of the chat that was begun on this page: still that chat;
 * - the chat that the server has rendered, as long as it was not left;
 * - any other chat: the browser fetches it.
 */
export function OpenChat({ detail }: { detail?: ChatDetail }) {
  useFollowsAddress();
  const shown = /^\/chat\/([\w-]+)$/.exec(usePathname())?.[1];
  const [own, setOwn] = useState(() => ({ id: newId(), at: shown }));
  // What the server has rendered is out of date once it was left.
  const [rendered, setRendered] = useState(detail);
  // Once left, whether it was begun or not, it is not the new chat any more that "/" is for.
  if (shown !== own.at) setOwn({ id: shown === own.id ? shown : newId(), at: shown });
  if (rendered && rendered.chat.id !== shown) setRendered(undefined);
  if (!shown || shown === own.id) return <Chat key={own.id} chatId={own.id} />;
  if (rendered?.chat.id === shown) return <Chat key={shown} chatId={shown} detail={rendered} />;
  return <StoredChat key={shown} chatId={shown} />;
}
