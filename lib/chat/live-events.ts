import type { Identity } from '@/lib/auth/identity';
import { untilSignedOut } from '@/lib/auth/session-cache';
import { takeStreamPlace } from '@/lib/chat/open-streams';
import type { LiveEvent } from '@/lib/protocol/api';
import { signals } from '@/lib/runs/signals';

/** Events that wait for a slow reader, at most: beyond it, one "ready" stands for all. */
const MAX_WAITING = 64;
const KEEP_ALIVE_MS = 15_000;
const KEEP_ALIVE = ':\n\n';
const READY = format({ type: 'ready' });

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
  const givePlaceBack = takeStreamPlace('events', userId);
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
          givePlaceBack,
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

function format(event: LiveEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
