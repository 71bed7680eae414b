'use client';

import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Chat } from '@/components/chat/chat';
import { StoredChat } from '@/components/chat/stored-chat';
import { newId } from '@/lib/client/chat/new-id';

/**
 * The page of a new chat. Once the first message is accepted the address becomes the chat's own
 * while this page stays, so the address says what to show:
 *
 * - "/": a chat that is not begun; another one each time the person comes back to "/";
 * - the address of this page's chat: still that chat;
 * - another chat's address: "back" led to a chat that was begun on this page earlier.
 */
export function NewChat() {
  const pathname = usePathname();
  const shown = /^\/chat\/([\w-]+)$/.exec(pathname)?.[1];
  const [own, setOwn] = useState(() => ({ id: newId(), hasAddress: false }));
  if (shown === own.id && !own.hasAddress) setOwn({ id: own.id, hasAddress: true });
  // Once left, it is another chat among the stored ones, and this page is for a new one again.
  if (shown !== own.id && own.hasAddress) setOwn({ id: newId(), hasAddress: false });
  if (shown && shown !== own.id) return <StoredChat key={shown} chatId={shown} />;
  return <Chat key={own.id} chatId={own.id} />;
}
