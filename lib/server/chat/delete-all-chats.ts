import { and, eq, inArray } from 'drizzle-orm';
import { db } from '@/lib/server/db/client';
import { chat, run } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';
import { stopRuns } from '@/lib/server/runs/stop-runs';

/** Chats deleted per statement, which holds locks while it runs. */
const BATCH_SIZE = 200;

/** Deletes all chats of the user permanently. Stops their runs first. */
export async function deleteAllChats(userId: string): Promise<void> {
  await stopAllRuns(userId);
  for (;;) {
    const batch = db()
      .select({ id: chat.id })
      .from(chat)
      .where(eq(chat.ownerId, userId))
      .limit(BATCH_SIZE);
    const deleted = await db()
      .delete(chat)
      .where(inArray(chat.id, batch))
      .returning({ id: chat.id });
    for (const { id } of deleted) publishEvent(userId, { type: 'chat-deleted', chatId: id });
    if (deleted.length < BATCH_SIZE) return;
  }
}

/** Stops all running answers of the user, as `stopRuns` does. */
async function stopAllRuns(userId: string): Promise<void> {
  const live = await db()
    .selectDistinct({ chatId: run.chatId })
    .from(run)
    .where(and(eq(run.ownerId, userId), eq(run.status, 'running')));
  await Promise.all(live.map(({ chatId }) => stopRuns(chatId)));
}
