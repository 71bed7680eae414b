import { requireIdentity } from '@/lib/auth/identify';
import { openEventStream } from '@/lib/chat/live-events';
import { defineMethods } from '@/lib/http/methods';
import { route } from '@/lib/http/route';

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
