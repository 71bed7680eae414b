import { eq, max } from 'drizzle-orm';
import { db } from '@/lib/server/db/client';
import { document, documentVersion } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';

/** Publishes an update of the document to all of its owner's tabs, in every process. */
export async function publishDocumentUpdated(documentId: string): Promise<void> {
  const [row] = await db()
    .select({
      ownerId: document.ownerId,
      chatId: document.chatId,
      version: max(documentVersion.version),
    })
    .from(document)
    .leftJoin(documentVersion, eq(documentVersion.documentId, document.id))
    .where(eq(document.id, documentId))
    .groupBy(document.id);
  if (!row) return;
  const { ownerId, chatId, version } = row;
  publishEvent(ownerId, { type: 'document-updated', chatId, documentId, version: version ?? 0 });
}
