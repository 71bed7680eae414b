import type { LiveEvent } from '@/lib/protocol/live-events';
import type { Identity } from '@/lib/server/account/identity';
import { signOutTrigger } from '@/lib/server/account/session-cache';
import { signals } from '@/lib/server/db/signals';
import { acquireStreamSlot } from '@/lib/server/live/stream-slots';

/** Maximum number of buffered events per reader; above it, one `ready` replaces the missed ones. */
const MAX_QUEUED_EVENTS = 64;
const KEEP_ALIVE_INTERVAL_MS = 15_000;
const KEEP_ALIVE_FRAME = ':\n\n';
const READY_FRAME = formatSse({ type: 'ready' });

/**
 * Returns the live events of the user's chats as server-sent events, until the client disconnects
 * or the session ends. Sends `ready` at the start and whenever events may have been missed.
 * @throws AppError too_many_streams
 */
export function openEventStream(identity: Identity): ReadableStream<Uint8Array> {
  const { userId } = identity;
  const releaseSlot = acquireStreamSlot('events', userId);
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
        const keepAlive = setInterval(write, KEEP_ALIVE_INTERVAL_MS, KEEP_ALIVE_FRAME);
        keepAlive.unref();
        const disposers = [
          signals().on(
            'live',
            ({ ownerId, event }) => ownerId === userId && write(formatSse(event)),
          ),
          signals().onGap(() => write(READY_FRAME)),
          signOutTrigger(identity)(() => {
            release();
            controller.close();
          }),
          () => clearInterval(keepAlive),
          releaseSlot,
        ];
        release = () => {
          for (const dispose of disposers.splice(0)) dispose();
        };
        write(READY_FRAME);
      },
      pull(controller) {
        if (!missed) return;
        missed = false;
        controller.enqueue(encoder.encode(READY_FRAME));
      },
      cancel: () => release(),
    },
    { highWaterMark: MAX_QUEUED_EVENTS },
  );
}

function formatSse(event: LiveEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
