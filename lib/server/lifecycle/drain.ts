import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { sql } from '@/lib/server/db/client';
import { logger } from '@/lib/server/log/logger';
import { presence } from '@/lib/server/runs/presence';
import { runRelay } from '@/lib/server/runs/relay';
import { runHub } from '@/lib/server/runs/run-hub';

/** After the last answer: what readers need to receive its end. */
const FLUSH_DELAY_MS = 250;
/** For saving what is interrupted; with the grace before it well within 30 s. */
const SAVE_TIMEOUT_MS = 5_000;

/**
 * On SIGTERM or SIGINT: no new runs; those that are live may finish within the grace period, and are
 * closed as interrupted with their content after it; then the process ends. A second signal ends the
 * grace at once.
 *
 * Next.js leaves the signals to us where NEXT_MANUAL_SIG_HANDLE is set.
 * @param beforeExit what else has to stop
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
  logger.info({ signal, liveRuns: unsavedRuns.length }, 'The server is stopping');
  const saved = Promise.all(unsavedRuns.map((run) => run.saved));
  await Promise.race([saved, graceSkipped, sleep(getConfig().shutdownGraceMs)]);
  const error = new AppError('interrupted');
  for (const run of unsavedRuns) void run.finish({ status: 'interrupted', error });
  await Promise.race([saved, sleep(SAVE_TIMEOUT_MS)]);
  await sleep(FLUSH_DELAY_MS);
  await Promise.all([presence().stop(), runRelay()?.close(), sql().end({ timeout: 1 })]);
}
