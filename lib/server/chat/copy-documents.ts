import { type SQL, sql } from 'drizzle-orm';
import { createIdMap, type IdMap, idMapTable } from '@/lib/server/chat/id-map';
import type { Queryable } from '@/lib/server/db/client';
import { requireUserQuota } from '@/lib/server/documents/version-quota';

type Fork = {
  chatId: string;
  newChatId: string;
  messageIds: IdMap;
  /** When the next message was sent; null if there is none. */
  continuedAt: Date | null;
};

/**
 * Copies the documents that the copied messages wrote: the versions of these messages, the user's
 * versions before `continuedAt`, and the open suggestions. Versions are numbered anew, without gaps.
 * The copied messages refer to the copies.
 * @throws AppError user_quota_exceeded
 */
export async function copyDocuments(tx: Queryable, fork: Fork): Promise<void> {
  const { chatId, newChatId, messageIds } = fork;
  const found = await tx.execute<{ id: string }>(sql`
    select id from document where chat_id = ${chatId} and exists (
      select 1 from document_version where document_id = document.id
        and message_id = any(${sql.param(messageIds.oldIds)}::uuid[]))`);
  const documentIds = createIdMap(found.map(({ id }) => id));
  if (documentIds.oldIds.length === 0) return;
  const kept = keptVersions(fork, documentIds);
  const [size] = await tx.execute<{ bytes: number }>(sql`
    with kept as (${kept})
    select coalesce(sum(octet_length(content)), 0)::float8 as bytes
    from kept join document_version as version
      on version.document_id = kept.document_id and version.version = kept.version`);
  await requireUserQuota(chatId, size?.bytes ?? 0);
  await tx.execute(sql`
    with kept as (${kept}), documents as (
      insert into document (id, chat_id, owner_id, kind, title, language, created_at)
      select ids.new_id, ${newChatId}::uuid, owner_id, kind, title, language, created_at
      from ${idMapTable(documentIds, 'ids')} join document on document.id = ids.old_id
    ), suggestions as (
      insert into suggestion (id, document_id, version, original_text, suggested_text, description,
        message_id, created_at)
      select gen_random_uuid(), kept.new_document_id, kept.new_version, original_text,
        suggested_text, description, messages.new_id, created_at
      from suggestion
      join kept on kept.document_id = suggestion.document_id and kept.version = suggestion.version
      join ${idMapTable(messageIds, 'messages')} on messages.old_id = suggestion.message_id
      where suggestion.status = 'open'
    )
    insert into document_version (document_id, version, content, author, message_id, base_version,
      restored_from, complete, writing_id, created_at)
    select kept.new_document_id, kept.new_version, version.content, version.author,
      kept.new_message_id, ${newVersionOf('version.base_version')},
      ${newVersionOf('version.restored_from')}, version.complete, version.writing_id,
      version.created_at
    from kept join document_version as version
      on version.document_id = kept.document_id and version.version = kept.version`);
  for (const [index, oldId] of documentIds.oldIds.entries()) {
    await tx.execute(sql`
      update message set parts = replace(parts::text, ${oldId}, ${documentIds.newIds[index]})::jsonb
      where chat_id = ${newChatId} and strpos(parts::text, ${oldId}) > 0`);
  }
}

/** The versions to copy, with the new ids and numbers. */
function keptVersions({ messageIds, continuedAt }: Fork, documentIds: IdMap): SQL {
  const until = continuedAt?.toISOString() ?? 'infinity';
  return sql`
    select version.document_id, version.version, documents.new_id as new_document_id,
      messages.new_id as new_message_id,
      (row_number() over (partition by version.document_id order by version.version))::int
        as new_version
    from ${idMapTable(documentIds, 'documents')}
    join document_version as version on version.document_id = documents.old_id
    left join ${idMapTable(messageIds, 'messages')} on messages.old_id = version.message_id
    where messages.new_id is not null
      or version.message_id is null and version.created_at < ${until}::timestamptz`;
}

/** The new number of the newest copied version up to the one in this column; null without one. */
function newVersionOf(column: string): SQL {
  return sql`(select max(earlier.new_version) from kept as earlier
    where earlier.document_id = kept.document_id and earlier.version <= ${sql.raw(column)})`;
}
