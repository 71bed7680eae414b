/** Limits the open streams of each user in this process. */

import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { signOutTrigger } from '@/lib/server/account/session-cache';
import { KeyedCounter } from '@/lib/server/limits/keyed-counter';
import { releaseOnce } from '@/lib/server/limits/release-once';
import type { EndTrigger } from '@/lib/server/runs/run-log';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** Concurrent streams per user: event streams (one per tab), answer streams and exports. */
const MAX_STREAMS_PER_USER = { events: 32, answers: 100, exports: 1 };

const openStreams = () => processSingleton('openStreams', () => new KeyedCounter());

/**
 * Acquires a stream slot and returns its release function, which is idempotent.
 * @throws AppError too_many_streams, too_many_exports
 */
export function acquireStreamSlot(
  kind: keyof typeof MAX_STREAMS_PER_USER,
  userId: string,
): () => void {
  const key = `${kind} ${userId}`;
  if (openStreams().get(key) >= MAX_STREAMS_PER_USER[kind])
    throw new AppError(kind === 'exports' ? 'too_many_exports' : 'too_many_streams');
  openStreams().add(key, 1);
  return releaseOnce(() => openStreams().add(key, -1));
}

/**
 * Returns an end trigger that ends a stream when the session that opened it ends, and releases the
 * slot when the stream ends for any reason. Unlike `withEndCallback` it does not
 * wrap the stream, which would cost time for each chunk.
 */
export function signOutTriggerWithRelease(identity: Identity, releaseSlot: () => void): EndTrigger {
  return (end) => {
    const unregister = signOutTrigger(identity)(() => {
      releaseSlot();
      end();
    });
    return () => {
      unregister();
      releaseSlot();
    };
  };
}

/**
 * Passes the stream through and calls `onEnd` when it ends, fails or is cancelled. A cancellation
 * during a read calls it twice, so it must be idempotent.
 */
export function withEndCallback(
  stream: ReadableStream<Uint8Array>,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((error) => {
          onEnd();
          throw error;
        });
        if (!done) return controller.enqueue(value);
        onEnd();
        controller.close();
      },
      cancel(reason) {
        onEnd();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
