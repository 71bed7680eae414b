import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { db } from '@/lib/server/db/client';
import { chat, document, run } from '@/lib/server/db/schema';

export type OwnedRows = { chatId: string; runId: string; documentId: string };

/** Inserts a chat with a finished run and a document. */
export async function createOwnedChat(ownerId: string): Promise<OwnedRows> {
  const [chatId, runId, documentId] = [randomUUID(), randomUUID(), randomUUID()];
  await db().insert(chat).values({ id: chatId, ownerId });
  await db().insert(run).values({
    id: runId,
    chatId,
    ownerId,
    messageId: randomUUID(),
    status: 'complete',
    ownerInstance: 'test',
  });
  await db()
    .insert(document)
    .values({ id: documentId, chatId, ownerId, kind: 'text', title: 'Notes' });
  return { chatId, runId, documentId };
}

/** Returns the distinct owners of the rows: one id if all three have the same owner. */
export async function ownersOf({ chatId, runId, documentId }: OwnedRows): Promise<string[]> {
  const rows = await Promise.all([
    db().select({ ownerId: chat.ownerId }).from(chat).where(eq(chat.id, chatId)),
    db().select({ ownerId: run.ownerId }).from(run).where(eq(run.id, runId)),
    db().select({ ownerId: document.ownerId }).from(document).where(eq(document.id, documentId)),
  ]);
  return [...new Set(rows.flat().map((row) => row.ownerId))];
}
