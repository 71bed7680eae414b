import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { sql } from '@/lib/server/db/client';
import { logger } from '@/lib/server/log/logger';
import { presence } from '@/lib/server/runs/presence';
import { runRelay } from '@/lib/server/runs/relay';
import { runHub } from '@/lib/server/runs/run-hub';
import { withTimeout } from '@/lib/shared/with-timeout';

/** Time for readers to receive the end of the last answer. */
const FLUSH_DELAY_MS = 250;
/**
 * Timeout for saving interrupted answers. With the default grace period of 20 s the process exits
 * within 30 s.
 */
const INTERRUPTED_SAVE_TIMEOUT_MS = 5_000;

/**
 * On SIGTERM or SIGINT, rejects new runs. Live runs may finish within the grace period; after it
 * they are saved as interrupted with their partial content, and the process exits. A second signal
 * ends the grace period.
 *
 * Requires NEXT_MANUAL_SIG_HANDLE; otherwise Next.js handles the signals itself.
 * @param stopJobs stops the periodic jobs; called before the connections to the database are closed
 */
export function drainOnSignal(stopJobs: () => void): void {
  let skipGrace: () => void = () => {};
  const graceSkipped = new Promise<void>((resolve) => {
    skipGrace = resolve;
  });
  const onSignal = (signal: NodeJS.Signals) => {
    if (runHub().isShuttingDown) return skipGrace();
    runHub().isShuttingDown = true;
    drain(signal, graceSkipped, stopJobs).then(
      () => process.exit(0),
      (error) => {
        logger.error({ err: error }, 'The server could not shut down cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function drain(
  signal: string,
  graceSkipped: Promise<void>,
  stopJobs: () => void,
): Promise<void> {
  logger.info(
    { signal, unsavedRuns: runHub().unfinishedRuns().length },
    'The server is shutting down',
  );
  await finishRuns(graceSkipped);
  await sleep(FLUSH_DELAY_MS);
  stopJobs();
  await Promise.all([presence().stop(), runRelay()?.close(), sql().end({ timeout: 1 })]);
}

/**
 * Waits for all runs within the grace period, then interrupts and saves the others. To be called
 * after `isShuttingDown` is set: from then on no run is created.
 */
export async function finishRuns(graceSkipped: Promise<void>): Promise<void> {
  const runs = runHub().unfinishedRuns();
  const saved = Promise.all(runs.map((run) => run.saved));
  await withTimeout(Promise.race([saved, graceSkipped]), getConfig().shutdownGraceMs, () => {});
  const error = new AppError('interrupted');
  for (const run of runs) void run.finish({ status: 'interrupted', error });
  await withTimeout(saved, INTERRUPTED_SAVE_TIMEOUT_MS, () => {});
}
