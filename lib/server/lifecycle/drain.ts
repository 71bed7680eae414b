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
/** For saving the interrupted answers; together with the grace period well within 30 s. */
const SAVE_TIMEOUT_MS = 5_000;

/**
 * On SIGTERM or SIGINT, rejects new runs. Live runs may finish within the grace period; after it
 * they are saved as interrupted with their partial content, and the process exits. A second signal
 * ends the grace period.
 *
 * Requires NEXT_MANUAL_SIG_HANDLE; otherwise Next.js handles the signals itself.
 * @param beforeExit called before the process exits
 */
export function drainOnSignal(beforeExit: () => void): void {
  let skipGrace: () => void = () => {};
  const graceSkipped = new Promise<void>((resolve) => {
    skipGrace = resolve;
  });
  const onSignal = (signal: NodeJS.Signals) => {
    if (runHub().isShuttingDown) return skipGrace();
    runHub().isShuttingDown = true;
    void drain(signal, graceSkipped).finally(() => {
      beforeExit();
      process.exit(0);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function drain(signal: string, graceSkipped: Promise<void>): Promise<void> {
  const unsavedRuns = runHub().unsavedRuns();
  logger.info({ signal, liveRuns: unsavedRuns.length }, 'The server is shutting down');
  const saved = Promise.all(unsavedRuns.map((run) => run.saved));
  await withTimeout(Promise.race([saved, graceSkipped]), getConfig().shutdownGraceMs, () => {});
  const error = new AppError('interrupted');
  for (const run of unsavedRuns) void run.finish({ status: 'interrupted', error });
  await withTimeout(saved, SAVE_TIMEOUT_MS, () => {});
  await sleep(FLUSH_DELAY_MS);
  await Promise.all([presence().stop(), runRelay()?.close(), sql().end({ timeout: 1 })]);
}
