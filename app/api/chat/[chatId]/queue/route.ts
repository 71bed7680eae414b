import { requireIdentity } from '@/lib/server/account/authenticate';
import { queueMessageSchema } from '@/lib/server/chat/input';
import { listQueue, queueMessage } from '@/lib/server/chat/queue/queue';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  GET: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    return jsonResponse(request, await listQueue(identity, chatId), identity);
  }),

  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    const body = await readJson(request, queueMessageSchema);
    return jsonResponse(request, await queueMessage(identity, chatId, body), identity);
  }),
});
