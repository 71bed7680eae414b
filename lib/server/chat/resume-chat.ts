import { and, desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/server/account/identity';
import { signOutTrigger } from '@/lib/server/account/session-cache';
import { openRunStream, type RunStream } from '@/lib/server/chat/open-run-stream';
import { requireChat } from '@/lib/server/chat/require-chat';
import { db } from '@/lib/server/db/client';
import { run } from '@/lib/server/db/schema';
import { acquireStreamSlot, withEndCallback } from '@/lib/server/live/stream-slots';

/**
 * Returns the stream of a run, starting after line `after`, or null if there is none.
 * @param messageId the answer whose newest run is meant; of all answers of the chat if undefined
 * @throws AppError chat_not_found, too_many_streams, too_many_unread_responses
 */
export async function resumeChat(
  identity: Identity,
  { chatId, messageId, after }: { chatId: string; messageId?: string; after: number },
  address: string,
): Promise<RunStream | null> {
  await requireChat(identity, chatId);
  const [newest] = await db()
    .select()
    .from(run)
    .where(and(eq(run.chatId, chatId), messageId ? eq(run.messageId, messageId) : undefined))
    .orderBy(desc(run.createdAt))
    .limit(1);
  if (!newest) return null;
  const releaseSlot = acquireStreamSlot('answers', identity.userId);
  const endOn = signOutTrigger(identity);
  const { stream, ...ids } = await openRunStream(newest, after, endOn, {
    userId: identity.userId,
    address,
  }).catch((error) => {
    releaseSlot();
    throw error;
  });
  return { ...ids, stream: withEndCallback(stream, releaseSlot) };
}
