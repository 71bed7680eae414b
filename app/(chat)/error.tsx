'use client';

import { ChatHeader } from '@/components/shell/chat-header';
import { PageError, type PageErrorProps } from '@/components/ui/page-error';

export default function ChatError(props: PageErrorProps) {
  return (
    <>
      <ChatHeader />
      <PageError {...props} />
    </>
  );
}
