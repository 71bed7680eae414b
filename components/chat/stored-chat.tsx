'use client';

import { useEffect, useState } from 'react';
import { Chat } from '@/components/chat/chat';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Spinner } from '@/components/ui/spinner';
import { api, type RequestError } from '@/lib/client/http';
import type { ChatDetail } from '@/lib/protocol/api';

/** A chat that the browser fetches by itself, where no server component has brought it. */
export function StoredChat({ chatId }: { chatId: string }) {
  const [detail, setDetail] = useState<ChatDetail>();
  const [error, setError] = useState<RequestError>();
  useEffect(() => {
    const controller = new AbortController();
    api<ChatDetail>(`/api/chat/${chatId}`, { signal: controller.signal }).then(
      setDetail,
      (reason) => {
        if (!controller.signal.aborted) setError(reason);
      },
    );
    return () => controller.abort();
  }, [chatId]);

  if (detail) return <Chat chatId={chatId} detail={detail} />;
  if (!error) {
    return (
      <div className="grid flex-1 place-items-center">
        <Spinner label="Loading the chat" className="size-5" />
      </div>
    );
  }
  return (
    <Notice
      title="This chat could not be opened"
      actions={<Button onClick={() => location.reload()}>Reload</Button>}
    >
      {error.message}
    </Notice>
  );
}
