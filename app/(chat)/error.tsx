'use client';

import { ChatHeader } from '@/components/sidebar/chat-header';
import { BrokenPage, type BrokenPageProps } from '@/components/ui/broken-page';

export default function ChatError(props: BrokenPageProps) {
  return (
    <>
      <ChatHeader />
      <BrokenPage {...props} />
    </>
  );
}
