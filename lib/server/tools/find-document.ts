import { eq } from 'drizzle-orm';
import type { DocumentDetail } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { loadDocument, loadDocuments } from '@/lib/server/documents/documents';
import { isUuid } from '@/lib/server/http/input-fields';
import type { ToolContext } from '@/lib/server/tools/context';

/**
 * Returns the newest version of a document of the chat's current owner: a guest may have signed in
 * since the run started.
 * @throws AppError not_found, whose message lists the chat's documents
 */
export async function findDocument(
  { run }: ToolContext,
  requestedId: string,
): Promise<DocumentDetail> {
  const { chatId } = run.row;
  const id = requestedId.trim();
  const [found] = await db()
    .select({ ownerId: chat.ownerId })
    .from(chat)
    .where(eq(chat.id, chatId));
  if (!found) throw new AppError('chat_not_found');
  const { ownerId } = found;
  const notFound = (cause: unknown) => documentNotFound(ownerId, chatId, cause);
  if (!isUuid(id)) throw await notFound(id);
  return await loadDocument(ownerId, id).catch(async (error) => {
    throw error instanceof AppError && error.code === 'not_found' ? await notFound(error) : error;
  });
}

async function documentNotFound(
  ownerId: string,
  chatId: string,
  cause: unknown,
): Promise<AppError> {
  const documents = await loadDocuments(ownerId, chatId);
  const names = documents.slice(-20).map(({ id, title }) => `“${title}”: ${id}`);
  const available =
    names.length > 0 ? `Those of this chat are ${names.join('; ')}.` : 'This chat has none.';
  return new AppError('not_found', {
    message: `There is no document with this id. ${available}`,
    cause,
  });
}
