import { availableParallelism } from 'node:os';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { AppError } from '@/lib/protocol/errors';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Hashes at a time: one thread of the pool of four and one core stay free for everything else. */
const MAX_ACTIVE = Math.max(1, Math.min(2, availableParallelism() - 1));
/** A hash takes about 0.1 s, so whoever waits last waits 1 to 2 s. */
const MAX_QUEUED = 16;

/** Work that is done a few at a time, in order, with a bounded number that wait. */
export class BoundedQueue {
  private active = 0;
  private readonly waiting: Array<() => void> = [];

  constructor(private readonly limits: { active: number; waiting: number }) {}

  /** @throws AppError too_busy where the queue is full, else what the work throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.active >= this.limits.active) {
      if (this.waiting.length >= this.limits.waiting) throw new AppError('too_busy');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.active += 1;
    }
    try {
      return await task();
    } finally {
      // The place goes over to the next one, if anybody waits.
      const next = this.waiting.shift();
      if (next) next();
      else this.active -= 1;
    }
  }
}

const queue = () =>
  processSingleton(
    'passwordHashes',
    () => new BoundedQueue({ active: MAX_ACTIVE, waiting: MAX_QUEUED }),
  );

/** better-auth's password functions, a few at a time. @throws AppError too_busy */
export const queuedPasswordHasher = {
  hash: (password: string) => queue().run(() => hashPassword(password)),
  verify: (input: { hash: string; password: string }) => queue().run(() => verifyPassword(input)),
};
