/**
 * Handles requests of other processes for runs of this one (stop, follow), and take-overs by a
 * process that considered this one dead.
 */
import { and, eq, sql } from 'drizzle-orm';
import { db } from '@/lib/server/db/client';
import { run } from '@/lib/server/db/schema';
import { signals } from '@/lib/server/db/signals';
import { logger } from '@/lib/server/log/logger';
import { presence } from '@/lib/server/runs/presence';
import { closeDeadRun } from '@/lib/server/runs/recover';
import { runHub } from '@/lib/server/runs/run-hub';

/** Signals can be lost: the rows of the runs are checked at this interval. */
const CHECK_INTERVAL_MS = 2_000;

/** Handles stop and follow requests. Returns a disposer. */
export function superviseLocalRuns(): () => void {
  const stop = (runId: string) => void runHub().get(runId)?.finish({ status: 'stopped' });
  const check = () => {
    checkLocalRuns().catch((error) =>
      logger.debug({ err: error }, 'Own runs could not be checked'),
    );
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  const disposers = [
    signals().on('stop', ({ runId }) => stop(runId)),
    signals().on('follow', ({ runId }) => runHub().watch(runId)),
    signals().onGap(check),
    runHub().freezeDetector.onFreeze(check),
    () => clearInterval(timer),
  ];
  return () => {
    for (const dispose of disposers) dispose();
  };
}

/** Compares the live runs of this process with their rows in the database. */
async function checkLocalRuns(): Promise<void> {
  const unsavedRuns = runHub().unsavedRuns();
  const rows = await db()
    .select({
      id: run.id,
      epoch: run.epoch,
      stopRequested: sql<boolean>`${run.stopRequestedAt} is not null`,
      isOld: sql<boolean>`${run.createdAt} < now() - interval '5 seconds'`,
    })
    .from(run)
    .where(and(eq(run.ownerInstance, presence().id), eq(run.status, 'running')));
  const stopRequestedById = new Map(rows.map(({ id, stopRequested }) => [id, stopRequested]));
  for (const { id, epoch, isOld } of rows) {
    // The row was committed, but its send never got the response: this run has no writer.
    if (isOld && !runHub().get(id)) await closeDeadRun({ id, epoch });
  }
  for (const liveRun of unsavedRuns) {
    if (liveRun.isFinished) continue;
    const stopRequested = stopRequestedById.get(liveRun.row.id);
    if (stopRequested) void liveRun.finish({ status: 'stopped' });
    else if (stopRequested === undefined) liveRun.handleTakeover();
  }
}
