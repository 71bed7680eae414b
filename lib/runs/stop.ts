import { and, eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { runHub } from '@/lib/runs/hub';

/**
 * Stops the chat's live run for good: the connection to the model closes, and what had come is kept.
 *
 * The wish is written down first, so that it holds wherever the run lives: its process sees it with
 * the next heartbeat at the latest, and whoever closes the run of a dead process knows it too.
 *
 * Resolves when the answer has ended and is saved, as far as that is up to this process.
 * @returns whether there was a live run
 */
export async function stopRun(chatId: string): Promise<boolean> {
  const local = runHub().unsavedOf(chatId);
  // The model's connection must not wait for the database.
  if (local) void local.finish({ status: 'stopped' });
  const [marked] = await db()
    .update(run)
    .set({ stopRequestedAt: sql`coalesce(${run.stopRequestedAt}, now())` })
    .where(and(eq(run.chatId, chatId), eq(run.status, 'running')))
    .returning({ id: run.id });
  await local?.finish({ status: 'stopped' });
  await runHub().shownIsSaved(chatId);
  return local !== undefined || marked !== undefined;
}
