/** Documents of chats: creating, reading and renaming them. */
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { DocumentDetail, DocumentSummary } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { ownedChat } from '@/lib/server/chat/owned-chat';
import { db } from '@/lib/server/db/client';
import { chat, document, documentVersion } from '@/lib/server/db/schema';
import { publishDocumentUpdated } from '@/lib/server/documents/publish-document-updated';

export type DocumentRow = typeof document.$inferSelect;
export type NewDocument = Omit<DocumentRow, 'ownerId' | 'createdAt'>;

// Raw SQL: in a query of one table drizzle omits the table of a column.
const latestVersion = sql<number>`(select coalesce(max(version), 0) from document_version
  where document_version.document_id = document.id)`.mapWith(Number);

/** SQL condition: the document's chat is not deleted. */
export const HAS_CHAT = sql`exists (
  select 1 from chat where chat.id = document.chat_id and chat.deleted_at is null)`;

/** Adds a document without a version to a chat. Does nothing if the document exists. */
export async function addDocument(row: NewDocument): Promise<void> {
  await db()
    .insert(document)
    .values({
      ...row,
      // The current owner: a guest may have signed in since the run started.
      ownerId: sql`(select owner_id from chat where id = ${row.chatId})`,
    })
    .onConflictDoNothing();
}

/**
 * Returns the document if the user owns it and its chat is not deleted.
 * @throws AppError not_found, also for other users' documents
 */
export async function requireDocument(ownerId: string, id: string): Promise<DocumentRow> {
  const [row] = await db()
    .select()
    .from(document)
    .where(and(eq(document.id, id), eq(document.ownerId, ownerId), HAS_CHAT));
  if (!row) throw new AppError('not_found');
  return row;
}

type VersionSelector = { version?: number; writing?: string };

/**
 * Returns a document of the user in one version, given by number or `writingId`; by default the
 * newest.
 * @throws AppError not_found
 */
export async function getDocument(
  ownerId: string,
  id: string,
  selector?: VersionSelector,
): Promise<DocumentDetail> {
  await requireDocument(ownerId, id);
  return await loadDocument(ownerId, id, selector);
}

/**
 * Like `getDocument`, but also of a deleted chat: its running answer uses its documents, since the
 * chat may be restored.
 */
export async function loadDocument(
  ownerId: string,
  id: string,
  { version, writing }: VersionSelector = {},
): Promise<DocumentDetail> {
  const [found] = await db()
    .select({
      id: document.id,
      chatId: document.chatId,
      title: document.title,
      kind: document.kind,
      language: document.language,
      content: documentVersion.content,
      version: documentVersion.version,
      author: documentVersion.author,
      complete: documentVersion.complete,
      baseVersion: documentVersion.baseVersion,
      latest: latestVersion,
    })
    .from(document)
    .leftJoin(documentVersion, eq(documentVersion.documentId, document.id))
    .where(
      and(
        eq(document.id, id),
        eq(document.ownerId, ownerId),
        version === undefined ? undefined : eq(documentVersion.version, version),
        writing === undefined ? undefined : eq(documentVersion.writingId, writing),
      ),
    )
    .orderBy(desc(documentVersion.version))
    .limit(1);
  if (!found) throw new AppError('not_found');
  return {
    ...found,
    content: found.content ?? '',
    version: found.version ?? 0,
    author: found.author ?? 'model',
    complete: found.complete ?? false,
  };
}

/**
 * Returns the documents of a chat, oldest first.
 * @throws AppError chat_not_found
 */
export async function listDocuments(ownerId: string, chatId: string): Promise<DocumentSummary[]> {
  const [[found], documents] = await Promise.all([
    db().select({ id: chat.id }).from(chat).where(ownedChat(ownerId, chatId)),
    loadDocuments(ownerId, chatId),
  ]);
  if (!found) throw new AppError('chat_not_found');
  return documents;
}

/** Like `listDocuments`, but also of a deleted chat; empty if there is no such chat. */
export async function loadDocuments(ownerId: string, chatId: string): Promise<DocumentSummary[]> {
  const rows = await db()
    .select({
      id: document.id,
      title: document.title,
      kind: document.kind,
      language: document.language,
      version: latestVersion,
      updatedAt: sql<Date>`coalesce((select max(document_version.created_at) from document_version
        where document_version.document_id = document.id), document.created_at)`.mapWith(
        document.createdAt,
      ),
    })
    .from(document)
    .where(and(eq(document.chatId, chatId), eq(document.ownerId, ownerId)))
    .orderBy(asc(document.createdAt), asc(document.id));
  return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
}

/**
 * Renames a document.
 * @throws AppError not_found
 */
export async function renameDocument(ownerId: string, id: string, title: string): Promise<void> {
  await requireDocument(ownerId, id);
  await db().update(document).set({ title }).where(eq(document.id, id));
  await publishDocumentUpdated(id);
}
