import { desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { signOutTrigger } from '@/lib/auth/session-cache';
import { acquireStreamSlot, onStreamEnd } from '@/lib/chat/open-streams';
import { requireChat } from '@/lib/chat/require-chat';
import { openRunStream, type RunStream } from '@/lib/chat/stream-of-run';
import { db } from '@/lib/db/client';
import { run } from '@/lib/db/schema';

/**
 * The chat's newest run from its line `after` on, or null where nothing was ever asked in it.
 * @throws AppError chat_not_found, too_many_windows, too_much_unread
 */
export async function resumeChat(
  identity: Identity,
  chatId: string,
  after: number,
  address: string,
): Promise<RunStream | null> {
  await requireChat(identity, chatId);
  const [newest] = await db()
    .select()
    .from(run)
    .where(eq(run.chatId, chatId))
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
  return { ...ids, stream: onStreamEnd(stream, releaseSlot) };
}
