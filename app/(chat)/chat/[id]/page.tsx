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
import { addressOf, pathId } from '@/lib/http/route';
import { mayBeInPage, type Reader } from '@/lib/large-body';
import type { ChatDetail } from '@/lib/protocol/api';

type PageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { title } = await loadChat((await params).id);
  return { title };
}

export default async function ChatPage({ params }: PageProps) {
  const { id } = await params;
  const { detail } = await loadChat(id);
  return <OpenChat key={id} detail={detail} />;
}

/** Characters. A page holds its chat twice, and the server makes all pages on one thread. */
const MAX_IN_PAGE = 1_000_000;
/** Bytes of a character, twice. */
const BYTES_PER_CHAR = 4;

/** Whether the page holds the messages; the browser fetches others by itself, as plain data. */
function isForPage({ messages }: ChatDetail, reader: Reader): boolean {
  const chars = charsOf(messages, MAX_IN_PAGE);
  return chars < MAX_IN_PAGE && mayBeInPage(chars * BYTES_PER_CHAR, reader);
}

/** Kept for as long as the page is being read, so without messages that are not for it. */
type LoadedChat = { title: string; detail?: ChatDetail };

/** Once a request, for the title and for the page. Somebody else's chat is not found. */
const loadChat = cache(async (id: string): Promise<LoadedChat> => {
  try {
    await databaseReady();
    const from = await headers();
    return await readAgain(async () => {
      const identity = await identify(from);
      if (!identity) throw new AppError('chat_not_found');
      const detail = await getChat(identity, pathId(id, 'chat_not_found'));
      const reader = { userId: identity.userId, address: addressOf(from) };
      const { title } = detail.chat;
      return isForPage(detail, reader) ? { title, detail } : { title };
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'chat_not_found') notFound();
    throw error;
  }
});
