import { requireIdentity } from '@/lib/auth/identify';
import { deleteChat } from '@/lib/chat/delete-chat';
import { getChat } from '@/lib/chat/get-chat';
import { updateChatInput } from '@/lib/chat/input';
import { updateChat } from '@/lib/chat/update-chat';
import { methods } from '@/lib/http/methods';
import { json, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods<Context>({
  GET: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    return json(request, await getChat(identity, chatId, request.signal), identity);
  }),

  PATCH: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    return json(
      request,
      await updateChat(identity, chatId, await readJson(request, updateChatInput)),
      identity,
    );
  }),

  DELETE: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    await deleteChat(identity, pathId((await params).chatId, 'chat_not_found'));
    return new Response(null, { status: 204 });
  }),
});
