import { requireIdentity } from '@/lib/server/account/authenticate';
import { textStream } from '@/lib/server/export/export-stream';
import { exportUser } from '@/lib/server/export/export-user';
import { defineMethods } from '@/lib/server/http/define-methods';
import { route } from '@/lib/server/http/route';
import { acquireStreamSlot, withEndCallback } from '@/lib/server/live/stream-slots';

/** Everything that the user owns, as a file. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  GET: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const releaseSlot = acquireStreamSlot('exports', identity.userId);
    const day = new Date().toISOString().slice(0, 10);
    return new Response(withEndCallback(textStream(exportUser(identity)), releaseSlot), {
      headers: {
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="throughline-${day}.json"`,
        'cache-control': 'no-store',
      },
    });
  }),
});
