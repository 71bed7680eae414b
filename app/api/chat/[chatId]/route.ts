import { requireIdentity } from '@/lib/server/account/authenticate';
import { deleteChat } from '@/lib/server/chat/delete-chat';
import { getChat } from '@/lib/server/chat/get-chat';
import { updateChatSchema } from '@/lib/server/chat/input';
import { updateChat } from '@/lib/server/chat/update-chat';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  GET: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    return jsonResponse(
      request,
      await getChat(identity, chatId, { signal: request.signal }),
      identity,
    );
  }),

  PATCH: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    return jsonResponse(
      request,
      await updateChat(identity, chatId, await readJson(request, updateChatSchema)),
      identity,
    );
  }),

  DELETE: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    await deleteChat(identity, pathId((await params).chatId, 'chat_not_found'));
    return new Response(null, { status: 204 });
  }),
});
