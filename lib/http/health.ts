import { sql } from '@/lib/db/client';
import { isDatabaseReady } from '@/lib/db/ready';
import { runHub } from '@/lib/runs/hub';

const TIMEOUT_MS = 2_000;

export type Health = {
  status: 'ok' | 'starting' | 'closing' | 'database_unavailable';
  /** Answers being made in this process. */
  liveRuns: number;
};

/** How the app is, within 2 s. */
export async function checkHealth(): Promise<Health> {
  const liveRuns = runHub().unsaved().length;
  if (!isDatabaseReady()) return { status: 'starting', liveRuns };
  if (runHub().closing) return { status: 'closing', liveRuns };
  return { status: (await databaseAnswers()) ? 'ok' : 'database_unavailable', liveRuns };
}

async function databaseAnswers(): Promise<boolean> {
  const asked = sql()`select 1`.then(
    () => true,
    () => false,
  );
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, TIMEOUT_MS, false));
  return await Promise.race([asked, late]);
}
