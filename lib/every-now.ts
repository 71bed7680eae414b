import { logger } from '@/lib/logger';

/**
 * Calls `work` every so often, one call at a time; what it throws goes to the log. The timer keeps
 * no process alive.
 * @returns what ends it
 */
export function everyNow(ms: number, work: () => Promise<unknown>, failure: string): () => void {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    await work().catch((error) => logger.debug({ err: error }, failure));
    busy = false;
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
