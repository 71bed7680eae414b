import type { Sql } from 'postgres';
import { sql as pool } from '@/lib/server/db/client';
import { SIGNAL_CHANNEL } from '@/lib/server/db/signals';
import { runEvery } from '@/lib/server/jobs/run-every';

const PURGE_INTERVAL_MS = 5_000;
/** Longer than a page offers to restore a chat (lib/client/browser/undo-toast). */
const DELETED_RETENTION = '20 seconds';
/** Time for the processes to save the ends of the answers of a deleted chat. */
const STOP_TIMEOUT = '1 minute';
/** How long a temporary chat exists after its last message, answer or change of a document. */
const TEMPORARY_RETENTION = '1 day';
/** Chats removed per statement, which holds locks while it runs. */
const BATCH_SIZE = 200;

/**
 * Removes deleted chats that can no longer be restored, and temporary chats that are no longer
 * used. The answers of deleted chats are stopped first; such a chat is removed by a later call. All
 * state is in the database, so any process can continue, and several can call this concurrently.
 */
export async function purgeChats(sql: Sql): Promise<void> {
  await stopRunsOfDeletedChats(sql);
  await removeDeletedChats(sql);
  await removeUnusedTemporaryChats(sql);
}

async function stopRunsOfDeletedChats(sql: Sql): Promise<void> {
  await sql`
    with stopped as (
      update run set stop_requested_at = now() from chat
      where chat.deleted_at < now() - ${DELETED_RETENTION}::interval and run.chat_id = chat.id
        and run.status = 'running' and run.stop_requested_at is null
      returning run.id
    )
    select pg_notify(${SIGNAL_CHANNEL}, json_build_object('type', 'stop', 'runId', id)::text)
    from stopped`;
}

async function removeDeletedChats(sql: Sql): Promise<void> {
  // Locked, so that a chat is either removed or restored.
  await sql`
    delete from chat where id in (
      select id from chat
      where deleted_at < now() - ${DELETED_RETENTION}::interval and (
        deleted_at < now() - ${DELETED_RETENTION}::interval - ${STOP_TIMEOUT}::interval
        or not exists (select 1 from run where run.chat_id = chat.id and run.status = 'running'))
      limit ${BATCH_SIZE} for update skip locked)`;
}

/** Notifies open tabs. */
async function removeUnusedTemporaryChats(sql: Sql): Promise<void> {
  await sql`
    with removed as (
      delete from chat where id in (
        select id from chat
        where temporary and updated_at < now() - ${TEMPORARY_RETENTION}::interval
          and not exists (select 1 from run where run.chat_id = chat.id and run.status = 'running')
          and not exists (
            select 1 from document join document_version as version on document_id = document.id
            where document.chat_id = chat.id
              and version.created_at >= now() - ${TEMPORARY_RETENTION}::interval)
        limit ${BATCH_SIZE} for update skip locked)
      returning id, owner_id
    )
    select pg_notify(${SIGNAL_CHANNEL}, json_build_object('type', 'live', 'ownerId', owner_id,
      'event', json_build_object('type', 'chat-deleted', 'chatId', id))::text)
    from removed`;
}

/** Purges chats periodically. Returns a disposer. */
export function startPurgingChats(): () => void {
  return runEvery(PURGE_INTERVAL_MS, () => purgeChats(pool()), 'Chats could not be purged');
}
