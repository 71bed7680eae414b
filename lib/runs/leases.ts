/**
 * Who writes a run. A process renews the leases of its runs; one whose lease has run out counts as
 * dead, and anybody may close its runs. A stop asked for through another process is seen here too.
 */
import { and, eq, inArray } from 'drizzle-orm';
import { sql } from 'drizzle-orm/sql';
import { getConfig } from '@/lib/config';
import { db } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { logger } from '@/lib/logger';
import { runHub } from '@/lib/runs/hub';

const LEASE_SECONDS = 10;
const HEARTBEAT_MS = 2_000;

/** When a lease that begins or is renewed now runs out. */
export const leaseEnd = sql`now() + make_interval(secs => ${LEASE_SECONDS})`;

/** Renews the leases of all runs of this process in one statement, and obeys what others asked. */
async function renewLeases(): Promise<void> {
  const live = runHub().unsaved();
  if (live.length === 0) return;
  const renewed = await db()
    .update(run)
    .set({ leaseUntil: leaseEnd })
    .where(
      and(
        inArray(
          run.id,
          live.map(({ row }) => row.id),
        ),
        eq(run.ownerInstance, getConfig().instance),
        eq(run.status, 'running'),
      ),
    )
    .returning({ id: run.id, stopRequestedAt: run.stopRequestedAt });
  for (const { id, stopRequestedAt } of renewed) {
    if (stopRequestedAt) void runHub().get(id)?.finish({ status: 'stopped' });
  }
}

/** Calls `renewLeases` for as long as the process lives. Returns what ends it. */
export function startHeartbeat(): () => void {
  const timer = setInterval(() => {
    renewLeases().catch((error) => logger.warn({ err: error }, 'Leases could not be renewed'));
  }, HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
