import { signals } from '@/lib/server/db/signals';

/** Rings when another process says that a run has grown or ended, or may have said so unheard. */
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
   * Resolves when it has rung since the last call (true), or after `patienceMs` (false). One call at
   * a time.
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
    for (const end of this.disposers) end();
  }
}
