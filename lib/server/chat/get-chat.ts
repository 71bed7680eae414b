import { and, asc, eq, inArray, sql } from 'drizzle-orm';
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

/** From this many messages on, all rows of the chat are read instead of those of the branch. */
const MAX_ROWS_BY_ID = 200;

type ReadOptions = {
  /** Aborted when the client disconnects: then nothing is read. */
  signal?: AbortSignal;
  /** Omits the messages up to the one with this id, if it is on the active branch. */
  after?: string;
};

/**
 * Returns a chat and the messages of its active branch. Reads of one user are serialized: reading a
 * large chat takes several times its size in memory.
 * @throws AppError chat_not_found, request_aborted
 */
export function getChat(
  identity: Identity,
  chatId: string,
  { signal, after }: ReadOptions = {},
): Promise<ChatDetail> {
  return withKeyedLock(`chats ${identity.userId}`, async () => {
    if (signal?.aborted) throw new AppError('request_aborted');
    return await readChat(identity, chatId, after);
  });
}

async function readChat(
  identity: Identity,
  chatId: string,
  after: string | undefined,
): Promise<ChatDetail> {
  const [[found], tree] = await Promise.all([
    db()
      .select({ ...chatSummaryColumns, ...chatSettingsColumns })
      .from(chat)
      .where(and(eq(chat.id, chatId), eq(chat.ownerId, identity.userId))),
    db()
      .select({
        id: message.id,
        parentId: message.parentId,
        selectedAt: messageColumns.selectedAt,
        isDeleted: sql<boolean>`${message.deletedAt} is not null`,
      })
      .from(message)
      .where(eq(message.chatId, chatId))
      .orderBy(asc(message.createdAt)),
  ]);
  if (!found) throw new AppError('chat_not_found');
  const nodes = withoutDeleted(tree).map((node) => ({
    ...node,
    selectedAt: node.selectedAt?.getTime() ?? null,
  }));
  const siblings = siblingsById(nodes);
  const branch = activeBranch(nodes);
  const afterIndex = branch.findIndex(({ id }) => id === after);
  const rows = await readMessages(
    chatId,
    branch.slice(afterIndex + 1).map(({ id }) => id),
  );
  return {
    chat: toChatSummary(found),
    messages: rows.map((row) => toStoredMessage(row, siblings.get(row.id))),
    ...(afterIndex !== -1 && { after }),
  };
}

/** Returns the messages with these ids, in their order; without those that have been purged. */
async function readMessages(chatId: string, ids: string[]) {
  const ofBranch = ids.length > MAX_ROWS_BY_ID ? undefined : inArray(message.id, ids);
  const rows = await db()
    .select(messageColumns)
    .from(message)
    .where(and(eq(message.chatId, chatId), ofBranch));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
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
