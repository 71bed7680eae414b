/** The streams that each user has open in this process. */

import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { signOutTrigger } from '@/lib/server/account/session-cache';
import { KeyedCounter } from '@/lib/server/limits/keyed-counter';
import type { EndTrigger } from '@/lib/server/runs/run-log';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** For one user at a time: windows that hear events, and answers that are read. */
const MAX_STREAMS_PER_USER = { events: 32, answers: 100 };

const openStreams = () => processSingleton('openStreams', () => new KeyedCounter());

/**
 * Counts a stream. Returns what gives its place back, once however often it is called.
 * @throws AppError too_many_windows
 */
export function acquireStreamSlot(
  kind: keyof typeof MAX_STREAMS_PER_USER,
  userId: string,
): () => void {
  const key = `${kind} ${userId}`;
  if (openStreams().get(key) >= MAX_STREAMS_PER_USER[kind]) throw new AppError('too_many_windows');
  openStreams().add(key, 1);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    openStreams().add(key, -1);
  };
}

/**
 * What ends a stream with the session that opened it, and gives its place back when the stream ends,
 * however it does. Unlike `whenStreamEnds` it costs an answer no stage of its own.
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

/** The stream, with a call when it has ended or its reader has left. */
export function onStreamEnd(
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
