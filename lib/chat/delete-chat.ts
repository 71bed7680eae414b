import { eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { publishEvent } from '@/lib/chat/live-events';
import { requireChat } from '@/lib/chat/require-chat';
import { db } from '@/lib/db/client';
import { chat } from '@/lib/db/schema';
import { stopRun } from '@/lib/runs/stop';

/**
 * Deletes a chat with all that belongs to it, for good. An answer being made in it is stopped first.
 * @throws AppError chat_not_found
 */
export async function deleteChat(identity: Identity, chatId: string): Promise<void> {
  await requireChat(identity, chatId);
  await stopRun(chatId);
  await db().delete(chat).where(eq(chat.id, chatId));
  publishEvent(identity.userId, { type: 'chat-deleted', chatId });
}
