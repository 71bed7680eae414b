import { and, asc, eq, sql } from 'drizzle-orm';
import type { ChatDetail, SelectBranchBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { branchTo, withoutDeleted } from '@/lib/server/chat/branch';
import { getChat } from '@/lib/server/chat/get-chat';
import { db, sql as pool } from '@/lib/server/db/client';
import { chat, message } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';

/** Retries when the chat changed between read and write. */
const MAX_ATTEMPTS = 5;

/**
 * Activates the branch that contains this message: selects it and all its ancestors among their
 * siblings. Below it, the previous selection applies. The chat keeps its position in the history.
 * A running answer on another branch continues.
 * @throws AppError chat_not_found; not_found for a message that is not in the chat; chat_changed
 */
export async function selectBranch(
  identity: Identity,
  chatId: string,
  { messageId, after }: SelectBranchBody,
): Promise<ChatDetail> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { version, path } = await readPath(identity, chatId, messageId);
    // The chat's version changes with every turn, so none can start on another branch meanwhile.
    const selected = await pool()`
      with chat_row as (
        update chat set updated_at = updated_at + interval '1 millisecond'
        where id = ${chatId} and updated_at = ${version}::text::timestamptz
        returning updated_at
      )
      update message set selected_at = chat_row.updated_at
      from chat_row where message.id = any(${path}::uuid[])
      returning message.id`;
    if (selected.length === 0) continue;
    return await publishSelection(identity, chatId, after);
  }
  throw new AppError('chat_changed');
}

/** Reads the chat after its active branch has changed, and notifies the owner's tabs. */
export async function publishSelection(
  identity: Identity,
  chatId: string,
  after?: string,
): Promise<ChatDetail> {
  const detail = await getChat(identity, chatId, { after });
  const { updatedAt } = detail.chat;
  publishEvent(identity.userId, { type: 'branch-selected', chatId, updatedAt });
  return detail;
}

async function readPath(identity: Identity, chatId: string, messageId: string) {
  const rows = await db()
    .select({
      version: sql<string>`${chat.updatedAt}::text`,
      id: message.id,
      parentId: message.parentId,
      isDeleted: sql<boolean>`${message.deletedAt} is not null`,
    })
    .from(chat)
    .innerJoin(message, eq(message.chatId, chat.id))
    .where(and(eq(chat.id, chatId), eq(chat.ownerId, identity.userId)))
    .orderBy(asc(message.createdAt));
  const [first] = rows;
  if (!first) throw new AppError('chat_not_found');
  const path = branchTo(withoutDeleted(rows), messageId).map(({ id }) => id);
  if (path.length === 0) {
    throw new AppError('not_found', { message: 'This message is no longer in this chat.' });
  }
  return { version: first.version, path };
}
