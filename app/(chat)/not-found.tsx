import type { Metadata } from 'next';
import { ChatNotFoundNotice } from '@/components/chat/chat-not-found-notice';
import { ChatHeader } from '@/components/shell/chat-header';

export const metadata: Metadata = { title: 'Not found' };

export default function ChatNotFound() {
  return (
    <>
      <ChatHeader />
      <ChatNotFoundNotice />
    </>
  );
}
