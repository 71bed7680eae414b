import { sql } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { ChatDetail } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import {
  messageNotFound,
  siblingsById,
  subtreeIds,
  withoutDeleted,
} from '@/lib/server/chat/branch';
import { getChat, readTree } from '@/lib/server/chat/get-chat';
import { selectBranch } from '@/lib/server/chat/select-branch';
import { db, sql as pool } from '@/lib/server/db/client';
import { publishEvent } from '@/lib/server/db/signals';
import { runEvery } from '@/lib/server/jobs/run-every';
import { stopRuns } from '@/lib/server/runs/stop-runs';

/** Retries when the chat changed between read and write. */
const MAX_ATTEMPTS = 5;
const PURGE_INTERVAL_MS = 60 * 60_000;
/** Time in which a deleted branch can be restored. */
const RETENTION = '1 day';

/**
 * Deletes a message and everything below it. Stops the answers that are running there first. The
 * messages stay in the database for a day, so that they can be restored.
 * @throws AppError chat_not_found; not_found for a message that is not in the chat; only_version if
 *   it has no sibling; chat_changed
 */
export async function deleteBranch(
  identity: Identity,
  chatId: string,
  messageId: string,
): Promise<ChatDetail> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { chat, nodes } = await readTree(identity, chatId);
    const visible = withoutDeleted(nodes);
    // A repeated request.
    if (nodes.some(({ id, isDeleted }) => id === messageId && isDeleted))
      return await getChat(identity, chatId);
    if (!visible.some(({ id }) => id === messageId)) throw messageNotFound();
    if (!siblingsById(visible).has(messageId)) throw new AppError('only_version');
    await stopRuns(chatId, [...subtreeIds(visible, [messageId])]);
    if (!(await setDeletedAt(chatId, chat.updatedAt, messageId, sql`now()`))) continue;
    const detail = await getChat(identity, chatId);
    const { updatedAt } = detail.chat;
    publishEvent(identity.userId, { type: 'branch-selected', chatId, updatedAt });
    return detail;
  }
  throw new AppError('chat_changed');
}

/**
 * Restores a deleted branch and selects it.
 * @throws AppError chat_not_found; not_found if it does not exist any more; chat_changed
 */
export async function restoreBranch(
  identity: Identity,
  chatId: string,
  messageId: string,
): Promise<ChatDetail> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { chat, nodes } = await readTree(identity, chatId);
    if (!nodes.some(({ id }) => id === messageId)) throw messageNotFound();
    if (!(await setDeletedAt(chatId, chat.updatedAt, messageId, sql`null`))) continue;
    return await selectBranch(identity, chatId, { messageId });
  }
  throw new AppError('chat_changed');
}

/** Returns false if the chat has changed since `version` was read. */
async function setDeletedAt(
  chatId: string,
  version: string,
  messageId: string,
  deletedAt: ReturnType<typeof sql>,
): Promise<boolean> {
  const updated = await db().execute(sql`
    with chat_row as (
      update chat set updated_at = updated_at + interval '1 millisecond'
      where id = ${chatId} and updated_at = ${version}::text::timestamptz
      returning id
    )
    update message set deleted_at = ${deletedAt}
    from chat_row where message.id = ${messageId} and message.chat_id = chat_row.id
    returning message.id`);
  return updated.length > 0;
}

/** Removes deleted branches that can no longer be restored. */
export async function purgeDeletedBranches(sql: Sql): Promise<void> {
  await sql`
    with recursive doomed as (
      select id, chat_id from message where deleted_at < now() - ${RETENTION}::interval
      union
      select message.id, message.chat_id from message
      join doomed on message.chat_id = doomed.chat_id and message.parent_id = doomed.id
    )
    delete from message using doomed where message.id = doomed.id`;
}

/** Purges deleted branches periodically. Returns a disposer. */
export function startPurgingBranches(): () => void {
  const purge = () => purgeDeletedBranches(pool());
  return runEvery(PURGE_INTERVAL_MS, purge, 'Deleted messages could not be purged');
}
