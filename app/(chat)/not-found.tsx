import type { Metadata } from 'next';
import { ChatHeader } from '@/components/sidebar/chat-header';
import { Notice } from '@/components/ui/notice';

export const metadata: Metadata = { title: 'Not found' };

export default function ChatNotFound() {
  return (
    <>
      <ChatHeader />
      <Notice title="There is no such chat">
        It was deleted, or it belongs to somebody else. Your own chats are where they were.
      </Notice>
    </>
  );
}
