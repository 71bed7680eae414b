import { requireIdentity } from '@/lib/server/account/authenticate';
import { updateQueuedSchema } from '@/lib/server/chat/input';
import { deleteQueued, updateQueued } from '@/lib/server/chat/queue/queue';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string; queuedId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  PATCH: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const { chatId, queuedId } = await pathIds(params);
    const body = await readJson(request, updateQueuedSchema);
    return jsonResponse(request, await updateQueued(identity, chatId, queuedId, body), identity);
  }),

  DELETE: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const { chatId, queuedId } = await pathIds(params);
    return jsonResponse(request, await deleteQueued(identity, chatId, queuedId), identity);
  }),
});

async function pathIds(params: Context['params']) {
  const { chatId, queuedId } = await params;
  return { chatId: pathId(chatId, 'chat_not_found'), queuedId: pathId(queuedId, 'not_queued') };
}
