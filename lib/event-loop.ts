/** How late this process's event loop is: the one measure of load that covers everything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processSingleton } from '@/lib/process';

const SAMPLE_MS = 25;
/** The weight of a new sample that is better than the mean; a worse one counts four times as much. */
const WEIGHT = 0.1;
/** Below this the process keeps up. */
const CALM_MS = 20;
const LOOK_MS = 100;

class Lateness {
  meanMs = 0;

  constructor() {
    let due = performance.now() + SAMPLE_MS;
    const sample = () => {
      const now = performance.now();
      const lateMs = Math.max(0, now - due);
      const weight = lateMs > this.meanMs ? 4 * WEIGHT : WEIGHT;
      this.meanMs += weight * (lateMs - this.meanMs);
      due = now + SAMPLE_MS;
      setTimeout(sample, SAMPLE_MS).unref();
    };
    setTimeout(sample, SAMPLE_MS).unref();
  }
}

const lateness = () => processSingleton('eventLoopLateness', () => new Lateness());

/** How much later than they should timers have fired of late, in milliseconds. */
export function eventLoopLatenessMs(): number {
  return lateness().meanMs;
}

/** Resolves once the process keeps up with its work, for what can wait: at once when it does. */
export async function calm(patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (eventLoopLatenessMs() > CALM_MS && performance.now() < deadline) {
    await sleep(LOOK_MS);
  }
}
