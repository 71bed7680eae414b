import { requireIdentity } from '@/lib/server/account/authenticate';
import { sendQueuedSchema } from '@/lib/server/chat/input';
import { sendQueuedNow } from '@/lib/server/chat/queue/send-queued';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, requestAddress, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string; queuedId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const { chatId, queuedId } = await params;
    const queued = await sendQueuedNow(
      identity,
      pathId(chatId, 'chat_not_found'),
      pathId(queuedId, 'not_queued'),
      await readJson(request, sendQueuedSchema),
      requestAddress(request.headers),
    );
    return jsonResponse(request, queued, identity);
  }),
});
