import { logger } from '@/lib/server/log/logger';

/**
 * Calls `task` every `intervalMs`; a tick is skipped while the previous call is running. Errors are
 * logged with `failureMessage`. The timer does not keep the process alive.
 * @returns a disposer
 */
export function runEvery(
  intervalMs: number,
  task: () => Promise<unknown>,
  failureMessage: string,
): () => void {
  let isRunning = false;
  const timer = setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    await task().catch((error) => logger.debug({ err: error }, failureMessage));
    isRunning = false;
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
