import { setTimeout as sleep } from 'node:timers/promises';
import { print, UserError, warn } from '../lib/steps';
import { type AppProcess, waitUntilReady } from './app';
import type { Shutdown } from './shutdown';
import { updateLock } from './start-lock';

/** So many crashes within this time end the session: starting again does not help. */
const MAX_CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;
const INITIAL_RESTART_DELAY_MS = 250;

type Options = {
  /** Starts a process of the server. */
  spawn: () => AppProcess;
  /** Answers with 200 once it is ready. */
  healthUrl: string;
  /** Where to read why it crashed, for a sentence. */
  log: string;
};

/** The server: a process, and another one after each crash. */
export class SupervisedServer {
  #app: AppProcess | undefined;

  constructor(
    private readonly shutdown: Shutdown,
    private readonly options: Options,
  ) {
    shutdown.onStop(async () => this.#app?.stop());
    shutdown.onForce(() => this.#app?.kill());
  }

  /**
   * Starts the first process.
   * @returns the process, once it answers
   * @throws Problem where it ends before, or does not answer in time
   */
  async start(): Promise<AppProcess> {
    const app = this.#spawn();
    await this.shutdown.orShutdown(waitUntilReady(app, this.options.healthUrl));
    return app;
  }

  /**
   * Starts the next process whenever one crashes, after a pause that doubles with each crash of the
   * last minute. Never returns.
   * @throws Problem at the fifth crash within a minute, where a new process lives but does not answer,
   *   and where one exited with 0, because something else told it to
   */
  async keepRunning(first: AppProcess): Promise<never> {
    const crashes: number[] = [];
    for (let app = first; ; ) {
      const exitReason = await this.shutdown.orShutdown(app.ended);
      if (exitReason === 'exit code 0')
        throw new UserError('The server was told to end by something else.');
      crashes.push(Date.now());
      const delayMs = restartDelayMs(crashes);
      if (delayMs === null) {
        throw new UserError(
          `The server crashed ${MAX_CRASHES} times within a minute, the last time with ${exitReason}, and is not started again.\nWhy is told in ${this.options.log}.`,
        );
      }
      warn(`The server ended unexpectedly (${exitReason}) and is started again.`);
      await this.shutdown.orShutdown(sleep(delayMs));
      app = this.#spawn();
      const { pid, ended } = app;
      const ready = waitUntilReady(app, this.options.healthUrl).then(() =>
        print(`  The server answers again (process ${pid}).`),
      );
      // One that ends before it is ready has crashed once more.
      await this.shutdown.orShutdown(Promise.race([ready, ended]));
    }
  }

  #spawn(): AppProcess {
    this.#app = this.options.spawn();
    updateLock({ appPid: this.#app.pid });
    return this.#app;
  }
}

/**
 * How long to wait before the next start, in ms; null where there have been too many crashes.
 * @param crashes when the server crashed, in ms, the latest last
 */
export function restartDelayMs(crashes: readonly number[]): number | null {
  const latest = crashes.at(-1) ?? 0;
  const recent = crashes.filter((at) => latest - at < CRASH_WINDOW_MS).length;
  return recent >= MAX_CRASHES ? null : INITIAL_RESTART_DELAY_MS * 2 ** (recent - 1);
}
