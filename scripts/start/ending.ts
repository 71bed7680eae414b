import { dim, Interrupted, say } from '../lib/steps';

/** npm passes on a ctrl-C that the terminal has already delivered: one press comes as two signals. */
const SAME_PRESS_MS = 500;

/**
 * How a session ends: by a signal, or because `fail` was called. What was started is stopped in the
 * reverse order; a second ctrl-C forces what takes its time.
 */
export class Ending {
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #forces: (() => void)[] = [];
  readonly #requested: Promise<never>;
  #end: (reason: unknown) => void = () => {};
  #signalledAt: number | null = null;

  constructor() {
    this.#requested = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.#requested.catch(() => {});
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => this.#onSignal());
    }
  }

  /** The promise, unless the end comes first: then Interrupted, or what `fail` was given. */
  unlessEnded<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#requested]);
  }

  fail(error: unknown): void {
    this.#end(error);
  }

  onStop(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }

  onForce(force: () => void): void {
    this.#forces.push(force);
  }

  async stopAll(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
  }

  #onSignal(): void {
    const now = Date.now();
    if (this.#signalledAt === null) {
      this.#signalledAt = now;
      say(`\n  ${dim('Stopping. Press ctrl-C again to stop at once.')}`);
      this.#end(new Interrupted());
    } else if (now - this.#signalledAt > SAME_PRESS_MS) {
      for (const force of this.#forces) force();
    }
  }
}
