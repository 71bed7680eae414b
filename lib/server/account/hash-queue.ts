import { availableParallelism } from 'node:os';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { AppError } from '@/lib/protocol/errors';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Maximum number of concurrent hashes. Keeps one core and most of libuv's four threads free. */
const MAX_CONCURRENCY = Math.max(1, Math.min(2, availableParallelism() - 1));
/** A hash takes about 0.1 s, so the last task in the queue waits 1 to 2 s. */
const MAX_QUEUED = 16;

/** Limits the number of concurrent tasks. Further tasks wait in a bounded FIFO queue. */
export class BoundedQueue {
  private active = 0;
  private readonly queue: Array<() => void> = [];

  constructor(private readonly limits: { concurrency: number; queued: number }) {}

  /** @throws AppError sign_in_busy if the queue is full, else what the task throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.active >= this.limits.concurrency) {
      if (this.queue.length >= this.limits.queued) throw new AppError('sign_in_busy');
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else {
      this.active += 1;
    }
    try {
      return await task();
    } finally {
      // Hand the slot over to the next task in the queue.
      const next = this.queue.shift();
      if (next) next();
      else this.active -= 1;
    }
  }
}

const hashQueue = () =>
  processSingleton(
    'passwordHashes',
    () => new BoundedQueue({ concurrency: MAX_CONCURRENCY, queued: MAX_QUEUED }),
  );

/** better-auth's password functions, run through the queue. @throws AppError sign_in_busy */
export const queuedPasswordHasher = {
  hash: (password: string) => hashQueue().run(() => hashPassword(password)),
  verify: (input: { hash: string; password: string }) =>
    hashQueue().run(() => verifyPassword(input)),
};

const signUpQueue = () =>
  processSingleton('signUps', () => new BoundedQueue({ concurrency: 1, queued: MAX_QUEUED }));

/**
 * Runs one sign-up at a time: better-auth holds a database connection while a new password waits to
 * be hashed.
 * @throws AppError sign_in_busy if too many are waiting, else what the sign-up throws
 */
export function runSignUp<T>(signUp: () => Promise<T>): Promise<T> {
  return signUpQueue().run(signUp);
}
