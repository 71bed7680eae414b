/**
 * Closes runs whose process has died, with everything that was delivered, so that no reader waits
 * for them forever and nothing is lost.
 */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { AppError } from '@/lib/protocol/errors';
import { splitLines } from '@/lib/protocol/lines';
import { db, sql as pool } from '@/lib/server/db/client';
import { instance, message, run, runLog } from '@/lib/server/db/schema';
import { runEvery } from '@/lib/server/jobs/run-every';
import { logger } from '@/lib/server/log/logger';
import { finalizeRun, purgeEndedLogs } from '@/lib/server/runs/finalize';
import { foldRun } from '@/lib/server/runs/fold-run';
import { presence } from '@/lib/server/runs/presence';

const REAP_INTERVAL_MS = 500;
const PURGE_INTERVAL_MS = 30_000;

/**
 * Closes the runs of processes that have died.
 * @param atStart see `Presence.findDead`; also closes runs whose owner is unknown
 * @returns the number of runs closed by this process
 */
export async function closeDeadRuns({ atStart = false } = {}): Promise<number> {
  const dead = await presence().findDead(pool(), { atStart });
  if (dead.length === 0 && !atStart) return 0;
  const abandoned = inArray(run.ownerInstance, dead);
  const unknown = sql`not exists (select 1 from instance where instance.id = ${run.ownerInstance})`;
  const candidates = await db()
    .select({ id: run.id, epoch: run.epoch })
    .from(run)
    .where(and(eq(run.status, 'running'), atStart ? sql`(${abandoned} or ${unknown})` : abandoned));
  let closed = 0;
  let failed = 0;
  for (const candidate of candidates) {
    try {
      if (await closeDeadRun(candidate)) closed++;
    } catch (error) {
      failed++;
      logger.error({ err: error, runId: candidate.id }, 'A dead run could not be closed');
    }
  }
  // If a run could not be closed, its process stays registered, so that the reaper tries again.
  if (dead.length > 0 && failed === 0)
    await db().delete(instance).where(inArray(instance.id, dead));
  if (closed > 0) logger.info({ closed }, 'Closed the running answers of a dead server');
  return closed;
}

/** Takes over the run, folds its log and finalizes it. False if another process did so first. */
export async function closeDeadRun(dead: { id: string; epoch: number }): Promise<boolean> {
  const [takenOver] = await db()
    .update(run)
    .set({ epoch: dead.epoch + 1 })
    .where(and(eq(run.id, dead.id), eq(run.epoch, dead.epoch), eq(run.status, 'running')))
    .returning();
  if (!takenOver) return false;
  const frames = await db()
    .select({ data: runLog.data })
    .from(runLog)
    .where(eq(runLog.runId, dead.id))
    .orderBy(asc(runLog.epoch), asc(runLog.seq));
  const [messageRow] = await db()
    .select({ modelRef: message.modelRef })
    .from(message)
    .where(eq(message.id, takenOver.messageId));
  const lines = splitLines(frames.map((frame) => frame.data).join(''));
  const status = takenOver.stopRequestedAt === null ? 'interrupted' : 'stopped';
  const { usage, timing, finishReason, ...folded } = foldRun(dead.id, lines, status);
  const saved = await finalizeRun(pool(), {
    row: takenOver,
    ...folded,
    annotation: {
      type: 'run-ended',
      status,
      ...(status === 'interrupted' && { error: new AppError('interrupted').toBody() }),
      ...(messageRow?.modelRef && { modelRef: messageRow.modelRef }),
      ...(usage && { usage }),
      ...(timing && { timing }),
      endedAt: new Date().toISOString(),
      finishReason: finishReason ?? undefined,
    },
  });
  return saved !== null;
}

/**
 * Periodically closes the runs of dead processes and purges the logs of ended runs. Returns a
 * disposer.
 */
export function startReaper(): () => void {
  const stopReaping = runEvery(
    REAP_INTERVAL_MS,
    () => closeDeadRuns(),
    'Dead runs could not be closed',
  );
  const stopPurging = runEvery(
    PURGE_INTERVAL_MS,
    () => purgeEndedLogs(pool()),
    'Old logs could not be removed',
  );
  return () => {
    stopReaping();
    stopPurging();
  };
}
