/** Memory that is taken by what is on its way, over all requests of this process. */

import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { KeyedCounter } from '@/lib/server/limits/keyed-counter';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Somebody who holds memory, and how many bytes they may hold. */
export type Holder = { name: string; maxBytes: number };

const MAX_PROCESS_BYTES = 256_000_000;

export class ByteBudget {
  private readonly used = new KeyedCounter();

  constructor(
    private readonly errorCode: ErrorCode,
    private readonly maxBytes = MAX_PROCESS_BYTES,
  ) {}

  /**
   * Takes the bytes for all holders, and for the process. Who holds nothing yet may take any number.
   * Returns what gives them back, once however often it is called.
   * @throws AppError the budget's refusal where that would be too much for one of them
   */
  acquire(holders: Holder[], bytes: number): () => void {
    const all = [...holders, { name: 'process', maxBytes: this.maxBytes }];
    for (const { name, maxBytes } of all) {
      const used = this.used.get(name);
      if (used > 0 && used + bytes > maxBytes) throw new AppError(this.errorCode);
    }
    for (const { name } of all) this.used.add(name, bytes);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const { name } of all) this.used.add(name, -bytes);
    };
  }
}

/** Bodies of requests. They are small and arrive at once; only many that are large and slow come near it. */
export function requestBodyBudget(): ByteBudget {
  return processSingleton('requestBudget', () => new ByteBudget('too_many_bodies'));
}

/** What was made for readers and is not read yet (lib/server/http/response-body). */
export function responseBodyBudget(): ByteBudget {
  return processSingleton('responseBudget', () => new ByteBudget('too_much_unread'));
}

/** What is in pages that may still be unread. */
export function pageBudget(): ByteBudget {
  return processSingleton('pageBudget', () => new ByteBudget('too_much_unread'));
}
