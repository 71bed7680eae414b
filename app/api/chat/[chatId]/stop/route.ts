import { requireIdentity } from '@/lib/server/account/authenticate';
import { stopChat } from '@/lib/server/chat/stop-chat';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    return jsonResponse(
      request,
      await stopChat(identity, pathId((await params).chatId, 'chat_not_found')),
      identity,
    );
  }),
});
