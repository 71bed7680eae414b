import { isDatabaseReady } from '@/lib/db/ready';
import { isDatabaseReachable } from '@/lib/db/silence';
import { runHub } from '@/lib/runs/hub';

const TIMEOUT_MS = 2_000;

export type Health = {
  status: 'ok' | 'starting' | 'closing' | 'database_unavailable';
  /** Answers being made in this process. */
  liveRuns: number;
};

/** How the app is, within 2 s. */
export async function checkHealth(): Promise<Health> {
  const liveRuns = runHub().unsavedRuns().length;
  if (!isDatabaseReady()) return { status: 'starting', liveRuns };
  if (runHub().isShuttingDown) return { status: 'closing', liveRuns };
  return {
    status: (await isDatabaseReachable(TIMEOUT_MS)) ? 'ok' : 'database_unavailable',
    liveRuns,
  };
}
