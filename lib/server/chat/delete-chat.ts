import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { ChatSummary } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { ownedChat } from '@/lib/server/chat/owned-chat';
import { chatSummaryColumns, toChatSummary } from '@/lib/server/chat/rows';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';
import { stopRuns } from '@/lib/server/runs/stop-runs';

/**
 * Deletes a chat for every use but `restoreChat`. Its running answers continue until it is purged
 * (lib/server/chat/purge-chats), so that a restored chat lacks nothing. A temporary chat cannot be
 * restored: its answers are stopped, and it is removed at once.
 * @throws AppError chat_not_found
 */
export async function deleteChat(identity: Identity, chatId: string): Promise<void> {
  const [deleted] = await db()
    .update(chat)
    .set({ deletedAt: sql`now()` })
    .where(ownedChat(identity.userId, chatId))
    .returning({ temporary: chat.temporary });
  if (!deleted) throw new AppError('chat_not_found');
  publishEvent(identity.userId, { type: 'chat-deleted', chatId });
  if (!deleted.temporary) return;
  // No other answer can start since the chat is marked as deleted.
  await stopRuns(chatId);
  await db().delete(chat).where(eq(chat.id, chatId));
}

/**
 * Restores a deleted chat. Does nothing if it is not deleted.
 * @throws AppError chat_not_found if it was purged or is temporary
 */
export async function restoreChat(identity: Identity, chatId: string): Promise<ChatSummary> {
  const restored = await db()
    .update(chat)
    .set({ deletedAt: null })
    .where(
      and(
        eq(chat.id, chatId),
        eq(chat.ownerId, identity.userId),
        eq(chat.temporary, false),
        isNotNull(chat.deletedAt),
      ),
    )
    .returning({ id: chat.id });
  if (restored.length > 0) publishEvent(identity.userId, { type: 'chat-restored', chatId });
  const [summary] = await db()
    .select(chatSummaryColumns)
    .from(chat)
    .where(ownedChat(identity.userId, chatId));
  if (!summary) throw new AppError('chat_not_found');
  return toChatSummary(summary);
}
