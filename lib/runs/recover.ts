/**
 * Runs whose writer has died: they are closed with all that had been shown, so that nobody waits for
 * what will not come and nothing is lost.
 */
import { and, asc, eq, lt, or, sql } from 'drizzle-orm';
import { getConfig } from '@/lib/config';
import { db } from '@/lib/db/client';
import { message, run, runLog } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { foldLines } from '@/lib/protocol/fold';
import { splitLines } from '@/lib/protocol/lines';
import { finalizeRun, purgeEndedLogs } from '@/lib/runs/finalize';
import { runHub } from '@/lib/runs/hub';

const REAP_EVERY_MS = 5_000;

/**
 * Closes the dead runs.
 *
 * A run is dead when its lease has run out. At the start of a process also when it bears this
 * process's own name (an earlier life of it), and, with the embedded database, whatever its name:
 * no other process uses that database.
 *
 * @returns how many this process closed
 */
export async function closeDeadRuns({ atStart = false } = {}): Promise<number> {
  const { instance, database } = getConfig();
  const leaseOver = lt(run.leaseUntil, sql`now()`);
  const ours = database.embedded ? sql`true` : eq(run.ownerInstance, instance);
  const candidates = await db()
    .select({ id: run.id, epoch: run.epoch })
    .from(run)
    .where(and(eq(run.status, 'running'), atStart ? or(leaseOver, ours) : leaseOver));
  let closed = 0;
  for (const candidate of candidates) {
    // A run of our own that is merely late with its lease (the database was away) is not dead.
    if (runHub().get(candidate.id)) continue;
    if (await closeDeadRun(candidate)) closed++;
  }
  if (closed > 0) logger.info({ closed }, 'Closed the answers that a stopped server left open');
  return closed;
}

/** Takes the run over, folds its log and finishes it. False where somebody else was quicker. */
async function closeDeadRun(dead: { id: string; epoch: number }): Promise<boolean> {
  const [taken] = await db()
    .update(run)
    .set({ epoch: dead.epoch + 1 })
    .where(and(eq(run.id, dead.id), eq(run.epoch, dead.epoch), eq(run.status, 'running')))
    .returning();
  if (!taken) return false;
  const frames = await db()
    .select({ data: runLog.data })
    .from(runLog)
    .where(eq(runLog.runId, dead.id))
    .orderBy(asc(runLog.epoch), asc(runLog.seq));
  const [written] = await db()
    .select({ modelRef: message.modelRef })
    .from(message)
    .where(eq(message.id, taken.messageId));
  const { parts, usage, finishReason } = foldLines(
    splitLines(frames.map((frame) => frame.data).join('')),
  );
  const wasStopped = taken.stopRequestedAt !== null;
  return await finalizeRun(db(), {
    row: taken,
    parts,
    annotation: {
      type: 'run-ended',
      status: wasStopped ? 'stopped' : 'interrupted',
      ...(!wasStopped && { error: new AppError('interrupted').toBody() }),
      ...(written?.modelRef && { modelRef: written.modelRef }),
      ...(usage && { usage }),
      finishReason: finishReason ?? undefined,
    },
  });
}

/** Looks for dead runs, and for logs that are not needed any more, for as long as the process lives. Returns what ends it. */
export function startReaper(): () => void {
  const timer = setInterval(() => {
    closeDeadRuns()
      .then(() => purgeEndedLogs(db()))
      .catch((error) => logger.warn({ err: error }, 'Dead runs could not be closed'));
  }, REAP_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
