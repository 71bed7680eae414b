import type { Identity } from '@/lib/auth/identity';
import { untilSignedOut } from '@/lib/auth/session-cache';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';
import type { LiveEvent } from '@/lib/protocol/api';
import { signals } from '@/lib/runs/signals';

/** Windows of one person that one process serves at a time. */
const MAX_STREAMS = 32;
/** Events that wait for a slow reader, at most: beyond it, one "ready" stands for all. */
const MAX_WAITING = 64;
const KEEP_ALIVE_MS = 15_000;
const KEEP_ALIVE = ':\n\n';
const READY = format({ type: 'ready' });

const open = () => processSingleton('liveEventStreams', () => new Map<string, number>());

/** Tells a person's windows, in every process. Never throws and waits for nothing. */
export function tellLive(ownerId: string, event: LiveEvent): void {
  signals().post({ type: 'live', ownerId, event });
}

/**
 * What happens in the user's chats from now on, as server-sent events, until the reader leaves or the
 * session ends.
 * After a time in which events may have been missed there is a `ready` again.
 * @throws AppError too_many_windows
 */
export function liveEvents(identity: Identity): ReadableStream<Uint8Array> {
  const { userId } = identity;
  const count = open().get(userId) ?? 0;
  if (count >= MAX_STREAMS) throw new AppError('too_many_windows');
  open().set(userId, count + 1);
  const encoder = new TextEncoder();
  let missed = false;
  let release = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(text));
          else missed = true;
        };
        const keepAlive = setInterval(write, KEEP_ALIVE_MS, KEEP_ALIVE);
        keepAlive.unref();
        const ends = [
          signals().on('live', ({ ownerId, event }) => ownerId === userId && write(format(event))),
          signals().onGap(() => write(READY)),
          untilSignedOut(identity)(() => {
            release();
            controller.close();
          }),
          () => clearInterval(keepAlive),
          () => leave(userId),
        ];
        release = () => {
          for (const end of ends.splice(0)) end();
        };
        write(READY);
      },
      pull(controller) {
        if (!missed) return;
        missed = false;
        controller.enqueue(encoder.encode(READY));
      },
      cancel: () => release(),
    },
    { highWaterMark: MAX_WAITING },
  );
}

function leave(userId: string): void {
  const left = (open().get(userId) ?? 1) - 1;
  if (left > 0) open().set(userId, left);
  else open().delete(userId);
}

function format(event: LiveEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
