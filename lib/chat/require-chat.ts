import { and, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { db } from '@/lib/db/client';
import { chat } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';

export type ChatRow = typeof chat.$inferSelect;

/**
 * The chat, if it is this person's.
 * @throws AppError chat_not_found, also where it is somebody else's: that it exists is theirs too
 */
export async function requireChat(identity: Identity, chatId: string): Promise<ChatRow> {
  const [row] = await db()
    .select()
    .from(chat)
    .where(and(eq(chat.id, chatId), eq(chat.ownerId, identity.userId)));
  if (!row) throw new AppError('chat_not_found');
  return row;
}
