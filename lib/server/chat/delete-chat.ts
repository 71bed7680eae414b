import { eq } from 'drizzle-orm';
import type { Identity } from '@/lib/server/account/identity';
import { requireChat } from '@/lib/server/chat/require-chat';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';
import { stopRuns } from '@/lib/server/runs/stop-runs';

/**
 * Deletes a chat and all its data permanently. Stops its runs first.
 * @throws AppError chat_not_found
 */
export async function deleteChat(identity: Identity, chatId: string): Promise<void> {
  await requireChat(identity, chatId);
  await stopRuns(chatId);
  await db().delete(chat).where(eq(chat.id, chatId));
  publishEvent(identity.userId, { type: 'chat-deleted', chatId });
}
