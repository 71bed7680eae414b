/** Counts, per run, the frames that are queued or being inserted. */
export class PendingFrameCounts {
  private readonly byRun = new Map<string, { frames: number; waiters: Array<() => void> }>();

  add(runId: string): void {
    const pending = this.byRun.get(runId);
    if (pending) pending.frames += 1;
    else this.byRun.set(runId, { frames: 1, waiters: [] });
  }

  remove(runId: string): void {
    const pending = this.byRun.get(runId);
    if (!pending) return;
    pending.frames -= 1;
    if (pending.frames > 0) return;
    this.byRun.delete(runId);
    for (const wake of pending.waiters) wake();
  }

  /** Resolves when no frame of the run is pending. */
  waitForZero(runId: string): Promise<void> {
    return new Promise((resolve) => {
      const pending = this.byRun.get(runId);
      if (pending) pending.waiters.push(resolve);
      else resolve();
    });
  }
}
