import { asc, eq, sql } from 'drizzle-orm';
import type { ChatSummary, ForkChatBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { requireBranchTo } from '@/lib/server/chat/branch';
import { CHAT_SETTINGS_SQL } from '@/lib/server/chat/chat-settings';
import { copyDocuments } from '@/lib/server/chat/copy-documents';
import { createIdMap, type IdMap, idMapTable } from '@/lib/server/chat/id-map';
import { ownedChat } from '@/lib/server/chat/owned-chat';
import {
  chatSummaryColumns,
  MESSAGE_STATUS_SQL,
  messageColumns,
  toChatSummary,
} from '@/lib/server/chat/rows';
import { db, type Queryable } from '@/lib/server/db/client';
import { chat, message } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';

const SETTINGS_COLUMNS = CHAT_SETTINGS_SQL.map(({ column }) => column).join(', ');

/**
 * Copies a chat up to a message into a new chat: the messages from the first one to this one, with
 * their times, and the documents that they wrote, as they were when the next message was sent.
 * Idempotent by the new chat's id.
 * @throws AppError chat_not_found; not_found for a message that is not in the chat;
 *   run_in_progress; user_quota_exceeded; conflict if the new id belongs to another chat
 */
export async function forkChat(
  identity: Identity,
  chatId: string,
  { id: newChatId, messageId }: ForkChatBody,
): Promise<ChatSummary> {
  const { path, continuedAt } = await readPath(identity, chatId, messageId);
  await db().transaction(async (tx) => {
    // Locks the user: a guest who signs in meanwhile takes either all of the copy or none.
    const inserted = await tx.execute(sql`
      insert into chat (id, owner_id, title, title_pending, ${sql.raw(SETTINGS_COLUMNS)})
      select ${newChatId}::uuid, owner_id, title, false, ${sql.raw(SETTINGS_COLUMNS)} from chat
      where id = ${chatId} and deleted_at is null and owner_id = (
        select id from "user" where id = ${identity.userId} for key share)
      on conflict do nothing returning id`);
    if (inserted.length === 0) return;
    const messageIds = createIdMap(path.map(({ id }) => id));
    await copyMessages(tx, messageIds, newChatId);
    await copyDocuments(tx, { chatId, newChatId, messageIds, continuedAt });
  });
  const [summary] = await db()
    .select(chatSummaryColumns)
    .from(chat)
    .where(ownedChat(identity.userId, newChatId));
  if (!summary) throw new AppError('conflict');
  publishEvent(identity.userId, { type: 'chat-updated', chatId: newChatId });
  return toChatSummary(summary);
}

/** @returns the messages to copy, and when the conversation continued below them, if it did */
async function readPath(identity: Identity, chatId: string, messageId: string) {
  const rows = await db()
    .select({
      id: message.id,
      parentId: message.parentId,
      status: messageColumns.status,
      createdAt: message.createdAt,
      isDeleted: sql<boolean>`${message.deletedAt} is not null`,
    })
    .from(chat)
    .innerJoin(message, eq(message.chatId, chat.id))
    .where(ownedChat(identity.userId, chatId))
    .orderBy(asc(message.createdAt));
  if (rows.length === 0) throw new AppError('chat_not_found');
  const path = requireBranchTo(rows, messageId);
  if (path.at(-1)?.status === 'running') throw new AppError('run_in_progress');
  const continuedAt = rows.find(({ parentId }) => parentId === messageId)?.createdAt ?? null;
  return { path, continuedAt };
}

async function copyMessages(tx: Queryable, messageIds: IdMap, newChatId: string) {
  // One branch: each message's parent is the one before it.
  await tx.execute(sql`
    insert into message (id, chat_id, parent_id, role, parts, status, model_ref, usage,
      timing, finish_reason, error, selected_at, created_at, finished_at)
    select copy.id, ${newChatId}::uuid, copy.parent_id, message.role, message.parts,
      ${sql.raw(MESSAGE_STATUS_SQL)}, message.model_ref, message.usage,
      message.timing, message.finish_reason, message.error, message.created_at,
      message.created_at, message.finished_at
    from (
      select old_id, new_id as id, lag(new_id) over (order by position) as parent_id
      from ${idMapTable(messageIds, 'ids')}
    ) as copy join message on message.id = copy.old_id`);
}
