import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { OpenChat } from '@/components/chat/open-chat';
import { identify } from '@/lib/auth/identify';
import { charsOf } from '@/lib/chat/chars-of';
import { getChat } from '@/lib/chat/get-chat';
import { readAgain } from '@/lib/db/read-again';
import { databaseReady } from '@/lib/db/ready';
import { AppError } from '@/lib/errors';
import { pathId } from '@/lib/http/route';
import type { ChatDetail } from '@/lib/protocol/api';

type PageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { chat } = await loadChat((await params).id);
  return { title: chat.title };
}

export default async function ChatPage({ params }: PageProps) {
  const { id } = await params;
  const detail = await loadChat(id);
  return <OpenChat key={id} detail={isLarge(detail) ? undefined : detail} />;
}

/** Characters. A page holds its chat twice, and the server makes all pages on one thread. */
const MAX_IN_PAGE = 1_000_000;

/** Whether the browser fetches the messages by itself, as plain data. */
function isLarge({ messages }: ChatDetail): boolean {
  return charsOf(messages, MAX_IN_PAGE) >= MAX_IN_PAGE;
}

/** Once a request, for the title and for the page. Somebody else's chat is not found. */
const loadChat = cache(async (id: string): Promise<ChatDetail> => {
  try {
    await databaseReady();
    const from = await headers();
    return await readAgain(async () => {
      const identity = await identify(from);
      if (!identity) throw new AppError('chat_not_found');
      return await getChat(identity, pathId(id, 'chat_not_found'));
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'chat_not_found') notFound();
    throw error;
  }
});
