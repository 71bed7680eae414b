import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';
import { print, UserError, warn } from '../lib/steps';
import { type AppProcess, waitUntilReady } from './app';
import type { Shutdown } from './shutdown';
import { updateLock } from './start-lock';

/** After this many crashes within this time, the server is not restarted. */
const MAX_CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;
const RESTART_BACKOFF: Backoff = { initialMs: 250 };

type Options = {
  /** Starts a server process. */
  spawn: () => AppProcess;
  /** Responds with 200 once the server is ready. */
  healthUrl: string;
  /** Where the reason of a crash is logged, for error messages. */
  log: string;
};

/** Runs the server and restarts it after a crash. */
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
   * @returns the process, once it is ready
   * @throws UserError if it ends before, or does not become ready in time
   */
  async start(): Promise<AppProcess> {
    const app = this.#spawn();
    await this.shutdown.orShutdown(waitUntilReady(app, this.options.healthUrl));
    return app;
  }

  /**
   * Restarts the server after each crash, with a delay that doubles with each crash of the last
   * minute. Never resolves.
   * @throws UserError at the fifth crash within a minute, if a new process runs but does not become
   *   ready, and if one exited with 0, because another program stopped it
   */
  async keepRunning(first: AppProcess): Promise<never> {
    const crashes: number[] = [];
    for (let app = first; ; ) {
      const exitReason = await this.shutdown.orShutdown(app.ended);
      if (exitReason === 'exit code 0')
        throw new UserError('The server was stopped by another program.');
      crashes.push(Date.now());
      const delayMs = restartDelayMs(crashes);
      if (delayMs === null) {
        throw new UserError(
          `The server crashed ${MAX_CRASHES} times within a minute, the last time with ${exitReason}, and is not restarted.\nFor the reason, see ${this.options.log}.`,
        );
      }
      warn(`The server ended unexpectedly (${exitReason}); restarting it.`);
      await this.shutdown.orShutdown(sleep(delayMs));
      app = this.#spawn();
      const { pid, ended } = app;
      const ready = waitUntilReady(app, this.options.healthUrl).then(() =>
        print(`  The server is ready again (process ${pid}).`),
      );
      // A process that ends before it is ready has crashed as well.
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
 * Delay before the next start, in milliseconds; null after too many crashes.
 * @param crashes times of the crashes in milliseconds, the latest last
 */
export function restartDelayMs(crashes: readonly number[]): number | null {
  const latest = crashes.at(-1) ?? 0;
  const recent = crashes.filter((at) => latest - at < CRASH_WINDOW_MS).length;
  return recent >= MAX_CRASHES ? null : backoffMs(recent - 1, RESTART_BACKOFF);
}
