/** How late this process's event loop is: the one measure of load that covers everything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const SAMPLE_MS = 25;
/** The weight of a new sample that is better than the mean; a worse one counts four times as much. */
const SMOOTHING_FACTOR = 0.1;
/** Below this the process keeps up. */
const IDLE_LAG_MS = 20;
const POLL_INTERVAL_MS = 100;

class EventLoopLag {
  meanMs = 0;

  constructor() {
    let due = performance.now() + SAMPLE_MS;
    const sample = () => {
      const now = performance.now();
      const lagMs = Math.max(0, now - due);
      const weight = lagMs > this.meanMs ? 4 * SMOOTHING_FACTOR : SMOOTHING_FACTOR;
      this.meanMs += weight * (lagMs - this.meanMs);
      due = now + SAMPLE_MS;
      setTimeout(sample, SAMPLE_MS).unref();
    };
    setTimeout(sample, SAMPLE_MS).unref();
  }
}

const eventLoopLag = () => processSingleton('eventLoopLateness', () => new EventLoopLag());

/** How much later than they should timers have fired of late, in milliseconds. */
export function eventLoopLagMs(): number {
  return eventLoopLag().meanMs;
}

/** Resolves once the process keeps up with its work, for what can wait: at once when it does. */
export async function waitForIdle(timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (eventLoopLagMs() > IDLE_LAG_MS && performance.now() < deadline) {
    await sleep(POLL_INTERVAL_MS);
  }
}
