/** Measures the lag of this process's event loop, which reflects every kind of load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const SAMPLE_MS = 25;
/** The weight of a sample below the mean; one above it counts four times as much. */
const SMOOTHING_FACTOR = 0.1;
/** Up to this lag the process counts as idle. */
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

const eventLoopLag = () => processSingleton('eventLoopLag', () => new EventLoopLag());

/** The smoothed delay of timers, in milliseconds. */
export function eventLoopLagMs(): number {
  return eventLoopLag().meanMs;
}

/**
 * Resolves once the event loop is idle, at the latest after about `timeoutMs`. For deferrable work.
 */
export async function waitForIdle(timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (eventLoopLagMs() > IDLE_LAG_MS && performance.now() < deadline) {
    await sleep(POLL_INTERVAL_MS);
  }
}
