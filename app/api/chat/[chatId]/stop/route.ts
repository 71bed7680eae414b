import { requireIdentity } from '@/lib/server/account/authenticate';
import { stopQuerySchema } from '@/lib/server/chat/input';
import { stopChat } from '@/lib/server/chat/stop-chat';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, parseInput, pathId, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    const { searchParams } = new URL(request.url);
    const { messageId } = parseInput(stopQuerySchema, Object.fromEntries(searchParams));
    return jsonResponse(request, await stopChat(identity, chatId, messageId), identity);
  }),
});
