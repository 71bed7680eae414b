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

/**
 * Maximum characters of messages inlined in a page. A page contains its chat twice (markup and
 * data), and the server renders all pages on one thread.
 */
const MAX_INLINE_CHARS = 500_000;
/** Two bytes per character (UTF-16), in both copies. */
const BYTES_PER_CHAR = 4;

/** Whether the page inlines the messages; otherwise the browser fetches them as JSON. */
function canInlineDetail({ messages }: ChatDetail, recipient: Recipient): boolean {
  const chars = estimateJsonChars(messages, MAX_INLINE_CHARS);
  return chars < MAX_INLINE_CHARS && fitsInPage(chars * BYTES_PER_CHAR, recipient);
}

/** Retained until the page has been read, so it holds the messages only if they are inlined. */
type ChatPageData = { title: string; detail?: ChatDetail };

/** Loaded once per request, for the title and the page. Other users' chats are not found. */
const loadChatPage = cache(async (id: string): Promise<ChatPageData> => {
  try {
    await waitForDatabase();
    const requestHeaders = await headers();
    return await retryOnOutage(async () => {
      const identity = await authenticate(requestHeaders);
      if (!identity) throw new AppError('chat_not_found');
      const detail = await getChat(identity, pathId(id, 'chat_not_found'));
      const recipient = { userId: identity.userId, address: requestAddress(requestHeaders) };
      const { title } = detail.chat;
      return canInlineDetail(detail, recipient) ? { title, detail } : { title };
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'chat_not_found') notFound();
    throw error;
  }
});
