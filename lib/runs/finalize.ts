import { and, eq, sql } from 'drizzle-orm';
import { type Database, isConnectionError } from '@/lib/db/client';
import { storableJson } from '@/lib/db/json';
import { chat, message, run, runLog } from '@/lib/db/schema';
import { logger } from '@/lib/logger';
import { formatEnding } from '@/lib/protocol/lines';
import type { MessagePart, RunEndedAnnotation } from '@/lib/protocol/messages';

/** What a run leaves behind. */
export type FinalRun = {
  row: { id: string; chatId: string; messageId: string; epoch: number };
  parts: MessagePart[];
  annotation: RunEndedAnnotation;
};

/** The ending comes behind every frame, however many there are. */
const LAST_SEQ = 2_147_483_647;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Writes the end of a run: the run and its message become final and its log gets its last two lines,
 * all or nothing. A compare-and-set on the epoch: a writer whose run was taken over changes nothing.
 *
 * The log stays for a while (`purgeEndedLogs`), for readers in other processes to come to its end.
 *
 * @returns whether this writer still owned the run
 */
export async function finalizeRun(db: Database, final: FinalRun): Promise<boolean> {
  const { row, annotation } = final;
  const usage = annotation.usage ?? null;
  const finishReason = annotation.finishReason ?? null;
  const now = sql`now()`;
  return await db.transaction(async (tx) => {
    const [owned] = await tx
      .update(run)
      .set({
        status: annotation.status,
        finishReason,
        usage,
        errorCode: annotation.error?.code ?? null,
        finishedAt: now,
      })
      .where(and(eq(run.id, row.id), eq(run.epoch, row.epoch), eq(run.status, 'running')))
      .returning({ id: run.id });
    if (!owned) return false;
    await tx
      .update(message)
      .set({
        parts: storableJson(final.parts),
        status: annotation.status,
        usage,
        finishReason,
        error: annotation.error ?? null,
        finishedAt: now,
      })
      .where(eq(message.id, row.messageId));
    await tx.update(chat).set({ updatedAt: now }).where(eq(chat.id, row.chatId));
    await tx
      .insert(runLog)
      .values({ runId: row.id, epoch: row.epoch, seq: LAST_SEQ, data: formatEnding(annotation) });
    return true;
  });
}

/**
 * `finalizeRun`, again and again while the database cannot be reached: an answer that was shown is
 * saved, however long that takes. Never rejects; what else goes wrong is logged, and the run is left
 * to recovery, which reads the same frames from `run_log`.
 */
export async function finalizeRunPersistently(db: Database, final: FinalRun): Promise<void> {
  for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
    try {
      const owned = await finalizeRun(db, final);
      if (!owned) logger.warn({ runId: final.row.id }, 'Another writer has taken this run over');
      return;
    } catch (error) {
      if (!isConnectionError(error)) {
        logger.error({ err: error, runId: final.row.id }, 'The end of a run could not be saved');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

/** Removes the logs of runs that ended a while ago, and of those whose chat is gone. */
export async function purgeEndedLogs(db: Database): Promise<void> {
  await db.execute(sql`
    delete from run_log where run_id in (
      select distinct log.run_id from run_log log left join run on run.id = log.run_id
      where run.id is null or run.finished_at < now() - interval '2 minutes')`);
}
