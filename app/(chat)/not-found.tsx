import type { Metadata } from 'next';
import { NoSuchChat } from '@/components/chat/no-such-chat';
import { ChatHeader } from '@/components/sidebar/chat-header';

export const metadata: Metadata = { title: 'Not found' };

export default function ChatNotFound() {
  return (
    <>
      <ChatHeader />
      <NoSuchChat />
    </>
  );
}
