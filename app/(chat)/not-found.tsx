import type { Metadata } from 'next';
import { ChatNotFoundNotice } from '@/components/chat/no-such-chat';
import { ChatHeader } from '@/components/sidebar/chat-header';

export const metadata: Metadata = { title: 'Not found' };

export default function ChatNotFound() {
  return (
    <>
      <ChatHeader />
      <ChatNotFoundNotice />
    </>
  );
}
