import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { CurrentChat } from '@/components/chat/current-chat';
import type { ChatDetail } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { authenticate } from '@/lib/server/account/authenticate';
import { estimateJsonChars } from '@/lib/server/chat/estimate-json-chars';
import { getChat } from '@/lib/server/chat/get-chat';
import { waitForDatabase } from '@/lib/server/db/ready';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';
import { fitsInPage, type Recipient } from '@/lib/server/http/response-body';
import { pathId, requestAddress } from '@/lib/server/http/route';

type PageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { title } = await loadChatPage((await params).id);
  return { title };
}

export default async function ChatPage({ params }: PageProps) {
  const { id } = await params;
  const { detail } = await loadChatPage(id);
  return <CurrentChat key={id} detail={detail} />;
}

/** Characters. A page holds its chat twice, and the server makes all pages on one thread. */
const MAX_INLINE_CHARS = 1_000_000;
/** Bytes of a character, twice. */
const BYTES_PER_CHAR = 4;

/** Whether the page holds the messages; the browser fetches others by itself, as plain data. */
function canInlineDetail({ messages }: ChatDetail, reader: Recipient): boolean {
  const chars = estimateJsonChars(messages, MAX_INLINE_CHARS);
  return chars < MAX_INLINE_CHARS && fitsInPage(chars * BYTES_PER_CHAR, reader);
}

/** Kept for as long as the page is being read, so without messages that are not for it. */
type ChatPageData = { title: string; detail?: ChatDetail };

/** Once a request, for the title and for the page. Somebody else's chat is not found. */
const loadChatPage = cache(async (id: string): Promise<ChatPageData> => {
  try {
    await waitForDatabase();
    const requestHeaders = await headers();
    return await retryOnOutage(async () => {
      const identity = await authenticate(requestHeaders);
      if (!identity) throw new AppError('chat_not_found');
      const detail = await getChat(identity, pathId(id, 'chat_not_found'));
      const reader = { userId: identity.userId, address: requestAddress(requestHeaders) };
      const { title } = detail.chat;
      return canInlineDetail(detail, reader) ? { title, detail } : { title };
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'chat_not_found') notFound();
    throw error;
  }
});
