import { logger } from '@/lib/server/log/logger';

/**
 * Calls `work` every so often, one call at a time; what it throws goes to the log. The timer keeps
 * no process alive.
 * @returns what ends it
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
