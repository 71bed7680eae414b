import { isDatabaseReady } from '@/lib/server/db/ready';
import { isDatabaseReachable } from '@/lib/server/db/stall-timeout';
import { runHub } from '@/lib/server/runs/run-hub';

const TIMEOUT_MS = 2_000;

export type Health = {
  status: 'ok' | 'starting' | 'closing' | 'database_unavailable';
  /** Answers of this process that are running or not saved yet. */
  liveRuns: number;
};

/** Returns the state of this process within 2 s. */
export async function checkHealth(): Promise<Health> {
  const liveRuns = runHub().unsavedRuns().length;
  if (!isDatabaseReady()) return { status: 'starting', liveRuns };
  if (runHub().isShuttingDown) return { status: 'closing', liveRuns };
  return {
    status: (await isDatabaseReachable(TIMEOUT_MS)) ? 'ok' : 'database_unavailable',
    liveRuns,
  };
}
