import { eq } from 'drizzle-orm';
import type { Identity } from '@/lib/server/account/identity';
import { requireChat } from '@/lib/server/chat/require-chat';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';
import { stopRun } from '@/lib/server/runs/stop-run';

/**
 * Deletes a chat and all its data permanently. Stops its run first.
 * @throws AppError chat_not_found
 */
export async function deleteChat(identity: Identity, chatId: string): Promise<void> {
  await requireChat(identity, chatId);
  await stopRun(chatId);
  await db().delete(chat).where(eq(chat.id, chatId));
  publishEvent(identity.userId, { type: 'chat-deleted', chatId });
}
