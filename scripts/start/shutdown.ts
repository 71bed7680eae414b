import { dim, InterruptedError, print } from '../lib/steps';

/**
 * npm forwards a ctrl-C that the terminal has already delivered: one press arrives as two signals.
 */
const SIGNAL_DEDUPE_MS = 500;

/**
 * Stops the app after a signal or a call of `fail`. Stop handlers run in reverse order of their
 * registration; a second ctrl-C runs the force handlers.
 */
export class Shutdown {
  readonly #stopHandlers: (() => Promise<void>)[] = [];
  readonly #forceHandlers: (() => void)[] = [];
  readonly #requested: Promise<never>;
  #reject: (reason: unknown) => void = () => {};
  #signalledAt: number | null = null;

  constructor() {
    this.#requested = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#requested.catch(() => {});
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => this.#onSignal());
    }
  }

  /**
   * Resolves like `promise`, unless the shutdown comes first: then rejects with InterruptedError,
   * or with the error passed to `fail`.
   */
  orShutdown<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#requested]);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  onStop(stop: () => Promise<void>): void {
    this.#stopHandlers.push(stop);
  }

  onForce(force: () => void): void {
    this.#forceHandlers.push(force);
  }

  async stopAll(): Promise<void> {
    for (const stop of this.#stopHandlers.reverse()) await stop();
  }

  #onSignal(): void {
    const now = Date.now();
    if (this.#signalledAt === null) {
      this.#signalledAt = now;
      print(`\n  ${dim('Stopping. Press ctrl-C again to stop immediately.')}`);
      this.#reject(new InterruptedError());
    } else if (now - this.#signalledAt > SIGNAL_DEDUPE_MS) {
      for (const force of this.#forceHandlers) force();
    }
  }
}
