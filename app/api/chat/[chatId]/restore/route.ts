import { requireIdentity } from '@/lib/server/account/authenticate';
import { restoreChat } from '@/lib/server/chat/delete-chat';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    return jsonResponse(request, await restoreChat(identity, chatId), identity);
  }),
});
