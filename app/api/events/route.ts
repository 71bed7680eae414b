import { requireIdentity } from '@/lib/server/account/authenticate';
import { defineMethods } from '@/lib/server/http/define-methods';
import { route } from '@/lib/server/http/route';
import { openEventStream } from '@/lib/server/live/event-stream';

/** `GET` streams the live events of the user's chats, as server-sent events. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  GET: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    return new Response(openEventStream(identity), {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    });
  }),
});
