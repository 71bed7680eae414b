import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { ownedChat } from '@/lib/server/chat/owned-chat';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';

export type ChatRow = typeof chat.$inferSelect;

/**
 * Returns the chat if the user owns it and has not deleted it.
 * @throws AppError chat_not_found, also for other users' chats, so as not to reveal that they exist
 */
export async function requireChat(identity: Identity, chatId: string): Promise<ChatRow> {
  const [row] = await db().select().from(chat).where(ownedChat(identity.userId, chatId));
  if (!row) throw new AppError('chat_not_found');
  return row;
}
