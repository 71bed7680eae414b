'use client';

import { ChatHeader } from '@/components/sidebar/chat-header';
import { PageError, type PageErrorProps } from '@/components/ui/broken-page';

export default function ChatError(props: PageErrorProps) {
  return (
    <>
      <ChatHeader />
      <PageError {...props} />
    </>
  );
}
