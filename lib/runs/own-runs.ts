/**
 * What other processes want of the runs of this one, and do with them: stops, readers, and a
 * take-over by one that believed this one dead.
 */
import { and, eq, sql } from 'drizzle-orm';
import { db } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { logger } from '@/lib/logger';
import { runHub } from '@/lib/runs/hub';
import { presence } from '@/lib/runs/presence';
import { closeDeadRun } from '@/lib/runs/recover';
import { signals } from '@/lib/runs/signals';

/** A signal can be lost: what is written down is looked at this often. */
const LOOK_EVERY_MS = 2_000;

/** Obeys for as long as the process lives. Returns what ends it. */
export function watchOwnRuns(): () => void {
  const stopOf = (runId: string) => void runHub().get(runId)?.finish({ status: 'stopped' });
  const look = () => {
    lookAtOwnRuns().catch((error) => logger.debug({ err: error }, 'Own runs were not looked at'));
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  const ends = [
    signals().on('stop', ({ runId }) => stopOf(runId)),
    signals().on('follow', ({ runId }) => runHub().watch(runId)),
    signals().onGap(look),
    runHub().freezeDetector.onFreeze(look),
    () => clearInterval(timer),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Compares the live runs of this process with what the database says of them. */
async function lookAtOwnRuns(): Promise<void> {
  const live = runHub().unsaved();
  const rows = await db()
    .select({
      id: run.id,
      epoch: run.epoch,
      stopWanted: sql<boolean>`${run.stopRequestedAt} is not null`,
      isOld: sql<boolean>`${run.createdAt} < now() - interval '5 seconds'`,
    })
    .from(run)
    .where(and(eq(run.ownerInstance, presence().id), eq(run.status, 'running')));
  const known = new Map(rows.map(({ id, stopWanted }) => [id, stopWanted]));
  for (const { id, epoch, isOld } of rows) {
    // Written by a send that never heard that it was: nobody makes this answer.
    if (isOld && !runHub().get(id)) await closeDeadRun({ id, epoch });
  }
  for (const one of live) {
    if (one.finished) continue;
    const stopWanted = known.get(one.row.id);
    if (stopWanted) void one.finish({ status: 'stopped' });
    else if (stopWanted === undefined) one.lose();
  }
}
