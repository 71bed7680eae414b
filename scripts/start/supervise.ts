import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, say, warn } from '../lib/steps';
import { type AppProcess, waitUntilReady } from './app';
import type { Ending } from './ending';
import { updateLock } from './lock';

/** So many crashes within this time end the session: starting again does not help. */
const MAX_CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;
const FIRST_PAUSE_MS = 250;

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
    private readonly ending: Ending,
    private readonly options: Options,
  ) {
    ending.onStop(async () => this.#app?.stop());
    ending.onForce(() => this.#app?.kill());
  }

  /**
   * Starts the first process.
   * @returns the process, once it answers
   * @throws Problem where it ends before, or does not answer in time
   */
  async start(): Promise<AppProcess> {
    const app = this.#spawn();
    await this.ending.unlessEnded(waitUntilReady(app, this.options.healthUrl));
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
      const how = await this.ending.unlessEnded(app.ended);
      if (how === 'exit code 0') throw new Problem('The server was told to end by something else.');
      crashes.push(Date.now());
      const pause = pauseBeforeRestart(crashes);
      if (pause === null) {
        throw new Problem(
          `The server crashed ${MAX_CRASHES} times within a minute, the last time with ${how}, and is not started again.\nWhy is told in ${this.options.log}.`,
        );
      }
      warn(`The server ended unexpectedly (${how}) and is started again.`);
      await this.ending.unlessEnded(sleep(pause));
      app = this.#spawn();
      const { pid, ended } = app;
      const ready = waitUntilReady(app, this.options.healthUrl).then(() =>
        say(`  The server answers again (process ${pid}).`),
      );
      // One that ends before it is ready has crashed once more.
      await this.ending.unlessEnded(Promise.race([ready, ended]));
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
export function pauseBeforeRestart(crashes: readonly number[]): number | null {
  const latest = crashes.at(-1) ?? 0;
  const recent = crashes.filter((at) => latest - at < CRASH_WINDOW_MS).length;
  return recent >= MAX_CRASHES ? null : FIRST_PAUSE_MS * 2 ** (recent - 1);
}
