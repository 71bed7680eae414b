import { and, asc, eq } from 'drizzle-orm';
import type { ChatDetail } from '@/lib/protocol/api';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { activeBranch, siblingsById, withoutDeleted } from '@/lib/server/chat/branch';
import { chatSettingsColumns } from '@/lib/server/chat/chat-settings';
import {
  chatSummaryColumns,
  messageColumns,
  toChatSummary,
  toStoredMessage,
} from '@/lib/server/chat/rows';
import { db } from '@/lib/server/db/client';
import { chat, message } from '@/lib/server/db/schema';
import { withKeyedLock } from '@/lib/server/runtime/keyed-lock';

/**
 * Returns a chat and the messages of its active branch. Reads of one user are serialized: reading a
 * large chat takes several times its size in memory.
 * @param signal aborted when the client disconnects: then nothing is read
 * @throws AppError chat_not_found, request_aborted
 */
export function getChat(
  identity: Identity,
  chatId: string,
  signal?: AbortSignal,
): Promise<ChatDetail> {
  return withKeyedLock(`chats ${identity.userId}`, async () => {
    if (signal?.aborted) throw new AppError('request_aborted');
    return await readChat(identity, chatId);
  });
}

async function readChat(identity: Identity, chatId: string): Promise<ChatDetail> {
  const [found, messages] = await Promise.all([
    db()
      .select({ ...chatSummaryColumns, ...chatSettingsColumns })
      .from(chat)
      .where(and(eq(chat.id, chatId), eq(chat.ownerId, identity.userId))),
    db()
      .select(messageColumns)
      .from(message)
      .where(eq(message.chatId, chatId))
      .orderBy(asc(message.createdAt)),
  ]);
  if (!found[0]) throw new AppError('chat_not_found');
  const nodes = withoutDeleted(
    messages.map((row) => ({
      ...row,
      selectedAt: row.selectedAt?.getTime() ?? null,
      isDeleted: row.deletedAt !== null,
    })),
  );
  const siblings = siblingsById(nodes);
  return {
    chat: toChatSummary(found[0]),
    messages: activeBranch(nodes).map((row) => toStoredMessage(row, siblings.get(row.id))),
  };
}

/** @throws AppError chat_not_found */
export async function getChatSettings(identity: Identity, chatId: string): Promise<ChatSettings> {
  const [settings] = await db()
    .select(chatSettingsColumns)
    .from(chat)
    .where(and(eq(chat.id, chatId), eq(chat.ownerId, identity.userId)));
  if (!settings) throw new AppError('chat_not_found');
  return settings;
}
