/** Limits the stored size of document versions, per document and per user. */

import { AppError } from '@/lib/protocol/errors';
import { sql } from '@/lib/server/db/client';

const MB = 1_048_576;

/** Bytes, as counted by `document_size`. */
export const MAX_VERSION_BYTES = { document: 256 * MB, user: 2_048 * MB };

/** Replaced saves are pruned each time the stored size passes a multiple of this. */
const PRUNE_EVERY_BYTES = { document: 64 * MB, user: 256 * MB };

type VersionToAdd = {
  /** The document's chat, whose owner is the document's owner. */
  chatId: string;
  documentId: string;
  /** Bytes of the version. */
  bytes: number;
};

type StoredBytes = { document: number; user: number };

/**
 * Checks whether a version may be added, before anything is written; content that is already
 * written is never rejected. A user's autosaves follow one another every few seconds. Those that a
 * later save of the same step has replaced are listed nowhere, and are pruned from time to time and
 * when the quota is reached.
 * @throws AppError document_quota_exceeded, user_quota_exceeded
 */
export async function requireVersionQuota({
  chatId,
  documentId,
  bytes,
}: VersionToAdd): Promise<void> {
  const storedBefore = await countStoredBytes(chatId, documentId);
  if (!isPruningDue(storedBefore, bytes, 'document') && !isPruningDue(storedBefore, bytes, 'user'))
    return;
  await pruneReplacedSaves(chatId, isPruningDue(storedBefore, bytes, 'user') ? null : documentId);
  const storedAfter = await countStoredBytes(chatId, documentId);
  if (storedAfter.document + bytes > MAX_VERSION_BYTES.document)
    throw new AppError('document_quota_exceeded');
  if (storedAfter.user + bytes > MAX_VERSION_BYTES.user) throw new AppError('user_quota_exceeded');
}

/**
 * Checks whether versions of this size may be added to the documents of the chat's owner.
 * @throws AppError user_quota_exceeded
 */
export async function requireUserQuota(chatId: string, bytes: number): Promise<void> {
  const stored = await countStoredBytes(chatId, null);
  if (stored.user + bytes > MAX_VERSION_BYTES.user) throw new AppError('user_quota_exceeded');
}

/** Whether the version passes a multiple of `PRUNE_EVERY_BYTES`, or the maximum. */
function isPruningDue(stored: StoredBytes, bytes: number, scope: keyof StoredBytes): boolean {
  const before = stored[scope];
  const after = before + bytes;
  const every = PRUNE_EVERY_BYTES[scope];
  return after > MAX_VERSION_BYTES[scope] || Math.floor(after / every) > Math.floor(before / every);
}

/**
 * Without deleted chats, whose space is free at once, except the document's own: its running answer
 * continues.
 * @param documentId null: counts only the user's bytes
 */
async function countStoredBytes(chatId: string, documentId: string | null): Promise<StoredBytes> {
  const [stored] = await sql()<StoredBytes[]>`
    select coalesce(sum(bytes) filter (where document.id = ${documentId}::uuid), 0)::float8 as document,
      coalesce(sum(bytes), 0)::float8 as "user"
    from document join document_size on document_size.document_id = document.id
      join chat on chat.id = document.chat_id
    where document.owner_id = (select owner_id from chat where id = ${chatId})
      and (chat.deleted_at is null or chat.id = ${chatId})`;
  return stored as StoredBytes;
}

/**
 * Removes the saves that `listVersions` omits: those replaced by the next version, which was made
 * from them within ten minutes. Saves of the last five minutes are kept, since clients may retry
 * them.
 * @param documentId null: all documents of the chat's owner
 */
async function pruneReplacedSaves(chatId: string, documentId: string | null): Promise<void> {
  await sql()`
    delete from document_version as version using (
      select document_id, version, author, created_at, lead(author) over next as next_author,
        lead(base_version) over next as next_base, lead(restored_from) over next as next_restored,
        lead(created_at) over next as next_created
      from document_version where document_id in (
        select id from document
        where owner_id = (select owner_id from chat where id = ${chatId})
          and (${documentId}::uuid is null or id = ${documentId}::uuid))
      window next as (partition by document_id order by version)
    ) as step
    where version.document_id = step.document_id and version.version = step.version
      and step.author = 'user' and step.next_author = 'user' and step.next_restored is null
      and step.next_base = step.version
      and step.next_created - step.created_at < interval '10 minutes'
      and step.created_at < now() - interval '5 minutes'`;
}
