import { signals } from '@/lib/runs/signals';

/** Rings when another process says that a run has grown or ended, or may have said so unheard. */
export class Bell {
  private rung = false;
  private wake: () => void = () => {};
  private readonly ends: Array<() => void>;

  constructor(runId: string) {
    const ring = () => {
      this.rung = true;
      this.wake();
    };
    this.ends = [
      signals().on('grown', ({ runIds }) => runIds.includes(runId) && ring()),
      signals().on('ended', (signal) => signal.runId === runId && ring()),
      signals().onGap(ring),
    ];
  }

  /**
   * Resolves when it has rung since the last call (true), or after `patienceMs` (false). One call at
   * a time.
   */
  async heard(patienceMs: number): Promise<boolean> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = () => {};
    const { rung } = this;
    this.rung = false;
    return rung;
  }

  close(): void {
    for (const end of this.ends) end();
  }
}
