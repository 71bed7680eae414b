import { desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { untilSignedOut } from '@/lib/auth/session-cache';
import { takeStreamPlace, whenStreamEnds } from '@/lib/chat/open-streams';
import { requireChat } from '@/lib/chat/require-chat';
import { type RunStream, streamOfRun } from '@/lib/chat/stream-of-run';
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
  const givePlaceBack = takeStreamPlace('answers', identity.userId);
  const until = untilSignedOut(identity);
  const { stream, ...about } = await streamOfRun(newest, after, until, {
    userId: identity.userId,
    address,
  }).catch((error) => {
    givePlaceBack();
    throw error;
  });
  return { ...about, stream: whenStreamEnds(stream, givePlaceBack) };
}
