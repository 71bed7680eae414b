import { requireIdentity } from '@/lib/server/account/authenticate';
import { forkChat } from '@/lib/server/chat/fork-chat';
import { forkChatSchema } from '@/lib/server/chat/input';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    const body = await readJson(request, forkChatSchema);
    return jsonResponse(request, await forkChat(identity, chatId, body), identity);
  }),
});
