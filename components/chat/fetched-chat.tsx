'use client';

import { useEffect, useState } from 'react';
import { Chat } from '@/components/chat/chat';
import { ChatHeader } from '@/components/shell/chat-header';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Spinner } from '@/components/ui/spinner';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { waitForRetry } from '@/lib/client/browser/wait';
import { useHistory } from '@/lib/client/history/use-history';
import { api } from '@/lib/client/http/api';
import type { RequestError } from '@/lib/client/http/request-error';
import type { ChatDetail } from '@/lib/protocol/api';

const loadNotFoundNotice = () =>
  import('./chat-not-found-notice').then(({ ChatNotFoundNotice }) => ({
    default: ChatNotFoundNotice,
  }));

/** Retry interval while the server is unavailable. */
const RETRY_INTERVAL_MS = 2_000;

/** A chat that the browser fetches. Displays outages and retries until the server responds. */
export function FetchedChat({ chatId }: { chatId: string }) {
  const [detail, setDetail] = useState<ChatDetail>();
  const [error, setError] = useState<RequestError>();
  const [ChatNotFoundNotice, requestNotFoundNotice] = useLazyComponent(loadNotFoundNotice);
  const { chats } = useHistory();
  const title = chats.find(({ id }) => id === chatId)?.title;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    fetchUntilAvailable(chatId, signal, setError).then(setDetail, (reason) => {
      if (!signal.aborted) setError(reason);
    });
    return () => controller.abort();
  }, [chatId]);

  const isMissing = error?.code === 'chat_not_found';
  useEffect(() => {
    if (isMissing) requestNotFoundNotice();
  }, [isMissing, requestNotFoundNotice]);

  if (detail) return <Chat chatId={chatId} detail={detail} />;
  return (
    <>
      <ChatHeader title={title} />
      {isMissing ? (
        ChatNotFoundNotice && <ChatNotFoundNotice />
      ) : error && !isOutage(error) ? (
        <Notice
          title="Couldn’t open this chat"
          actions={<Button onClick={() => location.reload()}>Reload</Button>}
        >
          {error.message}
        </Notice>
      ) : (
        <div
          role="status"
          className="grid flex-1 place-content-center justify-items-center gap-3 p-6"
        >
          <Spinner label={error ? '' : 'Loading the chat'} className="size-5" />
          {error && (
            <p className="max-w-sm text-balance text-center text-muted-foreground">
              {error.status === 0 ? 'Can’t reach the server.' : error.message} This chat opens
              automatically when the server is back.
            </p>
          )}
        </div>
      )}
    </>
  );
}

/** Retries while the server is unavailable, immediately when the network is back. */
async function fetchUntilAvailable(
  chatId: string,
  signal: AbortSignal,
  onOutage: (error: RequestError) => void,
): Promise<ChatDetail> {
  for (;;) {
    try {
      return await api<ChatDetail>(`/api/chat/${chatId}`, { signal });
    } catch (error) {
      if (signal.aborted || !isOutage(error as RequestError)) throw error;
      onOutage(error as RequestError);
      await waitForRetry(RETRY_INTERVAL_MS, signal);
    }
  }
}

/** Whether the server or one of its dependencies is temporarily unavailable. */
function isOutage({ status }: RequestError): boolean {
  return status === 0 || status === 502 || status === 503 || status === 504;
}
