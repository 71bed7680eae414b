/** The streams that each user has open in this process. */
import type { Identity } from '@/lib/auth/identity';
import { untilSignedOut } from '@/lib/auth/session-cache';
import { Counts } from '@/lib/counts';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';
import type { Until } from '@/lib/runs/log';

/** For one user at a time: windows that hear events, and answers that are read. */
const MAX_OPEN = { events: 32, answers: 100 };

const open = () => processSingleton('openStreams', () => new Counts());

/**
 * Counts a stream. Returns what gives its place back, once however often it is called.
 * @throws AppError too_many_windows
 */
export function takeStreamPlace(kind: keyof typeof MAX_OPEN, userId: string): () => void {
  const key = `${kind} ${userId}`;
  if (open().of(key) >= MAX_OPEN[kind]) throw new AppError('too_many_windows');
  open().add(key, 1);
  let isTaken = true;
  return () => {
    if (!isTaken) return;
    isTaken = false;
    open().add(key, -1);
  };
}

/**
 * What ends a stream with the session that opened it, and gives its place back when the stream ends,
 * however it does. Unlike `whenStreamEnds` it costs an answer no stage of its own.
 */
export function untilSignedOutFrom(identity: Identity, givePlaceBack: () => void): Until {
  return (end) => {
    const unregister = untilSignedOut(identity)(() => {
      givePlaceBack();
      end();
    });
    return () => {
      unregister();
      givePlaceBack();
    };
  };
}

/** The stream, with a call when it has ended or its reader has left. */
export function whenStreamEnds(
  stream: ReadableStream<Uint8Array>,
  ended: () => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((error) => {
          ended();
          throw error;
        });
        if (!done) return controller.enqueue(value);
        ended();
        controller.close();
      },
      cancel(reason) {
        ended();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
