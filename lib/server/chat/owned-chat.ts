import { and, eq, isNull, type SQL } from 'drizzle-orm';
import { chat } from '@/lib/server/db/schema';

/** SQL condition: the chat with this id, if the user owns it and has not deleted it. */
export function ownedChat(userId: string, chatId: string): SQL | undefined {
  return and(eq(chat.id, chatId), eq(chat.ownerId, userId), isNull(chat.deletedAt));
}

/** SQL condition: the chats of the user's history. Deleted and temporary ones are not part of it. */
export function listedChat(userId: string): SQL | undefined {
  return and(eq(chat.ownerId, userId), isNull(chat.deletedAt), eq(chat.temporary, false));
}
