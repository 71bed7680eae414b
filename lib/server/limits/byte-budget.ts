/** Limits the memory of data in transit, over all requests of this process. */

import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { KeyedCounter } from '@/lib/server/limits/keyed-counter';
import { releaseOnce } from '@/lib/server/limits/release-once';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** A holder of memory and its limit. */
export type Holder = { name: string; maxBytes: number };

const MAX_PROCESS_BYTES = 256_000_000;

export class ByteBudget {
  private readonly used = new KeyedCounter();

  constructor(
    private readonly errorCode: ErrorCode,
    private readonly maxBytes = MAX_PROCESS_BYTES,
  ) {}

  /**
   * Acquires the bytes for all holders and for the process. A holder with no bytes yet may acquire
   * any number. Returns an idempotent release function.
   * @throws AppError with the budget's error code if a holder's or the process's limit is exceeded
   */
  acquire(holders: Holder[], bytes: number): () => void {
    const all = [...holders, { name: 'process', maxBytes: this.maxBytes }];
    for (const { name, maxBytes } of all) {
      const used = this.used.get(name);
      if (used > 0 && used + bytes > maxBytes) throw new AppError(this.errorCode);
    }
    for (const { name } of all) this.used.add(name, bytes);
    return releaseOnce(() => {
      for (const { name } of all) this.used.add(name, -bytes);
    });
  }
}

/**
 * For request bodies. Only many large, slow bodies come near the limit: most are small and fast.
 */
export function requestBodyBudget(): ByteBudget {
  return processSingleton('requestBudget', () => new ByteBudget('too_much_request_data'));
}

/** For response data that clients have not read yet (lib/server/http/response-body). */
export function responseBodyBudget(): ByteBudget {
  return processSingleton('responseBudget', () => new ByteBudget('too_many_unread_responses'));
}

/** For rendered pages that clients may not have read yet. */
export function pageBudget(): ByteBudget {
  return processSingleton('pageBudget', () => new ByteBudget('too_many_unread_responses'));
}
