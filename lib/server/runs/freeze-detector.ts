/**
 * Detects that this process did not run for a while: it was stopped by a signal, the machine was
 * suspended, or the event loop was blocked. Other processes may have taken over its runs meanwhile.
 */

const CHECK_INTERVAL_MS = 500;

export class FreezeDetector {
  private lastSeen = readClocks();
  private count = 0;
  private readonly listeners = new Set<() => void>();

  /** @param thresholdMs a longer gap between two checks of the clocks counts as a freeze */
  constructor(private readonly thresholdMs: number) {
    setInterval(() => this.freezeCount(), CHECK_INTERVAL_MS).unref();
  }

  /**
   * Number of freezes so far, including one that has just ended: the first code that runs after a
   * freeze (a timer or socket callback) already sees it.
   */
  freezeCount(): number {
    const now = readClocks();
    const gapMs = Math.max(now.monotonic - this.lastSeen.monotonic, now.wall - this.lastSeen.wall);
    this.lastSeen = now;
    if (gapMs > this.thresholdMs) {
      this.count += 1;
      for (const listener of this.listeners) setImmediate(listener);
    }
    return this.count;
  }

  /** Calls the listener after each freeze. Returns a disposer. */
  onFreeze(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Linux's monotonic clock stands still while a machine is suspended; the wall clock does not. */
function readClocks(): { monotonic: number; wall: number } {
  return { monotonic: performance.now(), wall: Date.now() };
}
