import { requireIdentity } from '@/lib/auth/identify';
import { stopChat } from '@/lib/chat/stop-chat';
import { defineMethods } from '@/lib/http/methods';
import { jsonResponse, pathId, route } from '@/lib/http/route';

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
