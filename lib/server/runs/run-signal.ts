import { signals } from '@/lib/server/db/signals';

/**
 * Fires when a signal reports that a run has grown or ended, or when signals may have been missed.
 */
export class RunSignal {
  private hasFired = false;
  private wake: () => void = () => {};
  private readonly disposers: Array<() => void>;

  constructor(runId: string) {
    const fire = () => {
      this.hasFired = true;
      this.wake();
    };
    this.disposers = [
      signals().on('grown', ({ runIds }) => runIds.includes(runId) && fire()),
      signals().on('ended', (signal) => signal.runId === runId && fire()),
      signals().onGap(fire),
    ];
  }

  /**
   * Resolves with true once it has fired since the last call, or with false after `timeoutMs`. Only
   * one call at a time.
   */
  async wait(timeoutMs: number): Promise<boolean> {
    if (!this.hasFired) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = () => {};
    const { hasFired } = this;
    this.hasFired = false;
    return hasFired;
  }

  close(): void {
    for (const dispose of this.disposers) dispose();
  }
}
