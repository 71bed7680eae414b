import { and, eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { runHub } from '@/lib/runs/hub';
import { signals } from '@/lib/runs/signals';

const ELSEWHERE_PATIENCE_MS = 1_000;

/**
 * Stops the chat's live run for good: the connection to the model closes, and what had come is kept.
 *
 * The wish is written down, so that it holds wherever the run lives, and whoever closes the run of a
 * dead process knows it too; a signal carries it to the run's process at once.
 *
 * Resolves when the answer has ended and is saved, or after a second where another process does not
 * say so.
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
  if (marked && !local) await askToStop(marked.id);
  await local?.finish({ status: 'stopped' });
  await runHub().shownIsSaved(chatId);
  return local !== undefined || marked !== undefined;
}

function askToStop(runId: string): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      forget();
      clearTimeout(timer);
      resolve();
    };
    const forget = signals().on('ended', (signal) => signal.runId === runId && done());
    const timer = setTimeout(done, ELSEWHERE_PATIENCE_MS);
    signals().post({ type: 'stop', runId });
  });
}
