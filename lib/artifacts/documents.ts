/** Documents and their versions, which are only ever added. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { storableText } from '@/lib/db/json';
import { document, documentVersion } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import type { DocumentDetail } from '@/lib/protocol/api';
import type { ArtifactKind } from '@/lib/protocol/events';

export type NewDocument = {
  id: string;
  chatId: string;
  kind: ArtifactKind;
  title: string;
};

/** Adds a document to a chat, without a version yet. */
export async function addDocument(row: NewDocument): Promise<void> {
  await db()
    .insert(document)
    .values({
      ...row,
      title: storableText(row.title),
      // Whose the chat is now: a guest may have signed in since the run began.
      ownerId: sql`(select owner_id from chat where id = ${row.chatId})`,
    });
}

/** Adds the next version, written by the model for a message or by the person. */
export async function addVersion(version: {
  documentId: string;
  content: string;
  author: 'model' | 'user';
  messageId: string | null;
}): Promise<void> {
  await db()
    .insert(documentVersion)
    .values({
      ...version,
      content: storableText(version.content),
      version: sql`(select coalesce(max(version), 0) + 1 from document_version
        where document_id = ${version.documentId})`,
    });
}

/**
 * A document of the person's, as its newest version has it.
 * @throws AppError not_found
 */
export async function getDocument(ownerId: string, id: string): Promise<DocumentDetail> {
  const [found] = await db()
    .select({
      id: document.id,
      title: document.title,
      kind: document.kind,
      content: documentVersion.content,
      version: documentVersion.version,
    })
    .from(document)
    .leftJoin(documentVersion, eq(documentVersion.documentId, document.id))
    .where(and(eq(document.id, id), eq(document.ownerId, ownerId)))
    .orderBy(desc(documentVersion.version))
    .limit(1);
  if (!found) throw new AppError('not_found');
  return { ...found, content: found.content ?? '', version: found.version ?? 0 };
}
