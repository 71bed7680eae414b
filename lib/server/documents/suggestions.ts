/** Changes to documents that the model suggests and the user applies or dismisses. */
import { and, asc, eq } from 'drizzle-orm';
import type { UpdateSuggestionBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Suggestion } from '@/lib/protocol/stream-events';
import { db } from '@/lib/server/db/client';
import { document, suggestion } from '@/lib/server/db/schema';
import { HAS_CHAT, requireDocument } from '@/lib/server/documents/documents';
import { publishDocumentUpdated } from '@/lib/server/documents/publish-document-updated';

/** Adds a suggestion for a version of a document. */
export async function addSuggestion(
  row: Suggestion & { version: number; messageId: string },
): Promise<void> {
  await db().insert(suggestion).values(row);
}

/**
 * Returns the open suggestions for a document, oldest first.
 * @throws AppError not_found
 */
export async function listSuggestions(ownerId: string, documentId: string): Promise<Suggestion[]> {
  await requireDocument(ownerId, documentId);
  return await db()
    .select({
      id: suggestion.id,
      documentId: suggestion.documentId,
      originalText: suggestion.originalText,
      suggestedText: suggestion.suggestedText,
      description: suggestion.description,
    })
    .from(suggestion)
    .where(and(eq(suggestion.documentId, documentId), eq(suggestion.status, 'open')))
    .orderBy(asc(suggestion.createdAt), asc(suggestion.id));
}

/**
 * Records whether the user applied or dismissed a suggestion; the client saves the change itself as
 * a version.
 * @throws AppError not_found
 */
export async function updateSuggestion(
  ownerId: string,
  id: string,
  { status }: UpdateSuggestionBody,
): Promise<void> {
  const [updated] = await db()
    .update(suggestion)
    .set({ status })
    .from(document)
    .where(
      and(
        eq(suggestion.id, id),
        eq(document.id, suggestion.documentId),
        eq(document.ownerId, ownerId),
        HAS_CHAT,
      ),
    )
    .returning({ documentId: suggestion.documentId });
  if (!updated) throw new AppError('not_found');
  await publishDocumentUpdated(updated.documentId);
}
