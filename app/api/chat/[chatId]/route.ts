import { requireIdentity } from '@/lib/auth/identify';
import { deleteChat } from '@/lib/chat/delete-chat';
import { getChat } from '@/lib/chat/get-chat';
import { updateChatInput } from '@/lib/chat/input';
import { updateChat } from '@/lib/chat/update-chat';
import { json, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const GET = route<Context>(async (request, { params }) => {
  const identity = await requireIdentity(request.headers);
  return json(await getChat(identity, pathId((await params).chatId, 'chat_not_found')));
});

export const PATCH = route<Context>(async (request, { params }) => {
  const identity = await requireIdentity(request.headers);
  const chatId = pathId((await params).chatId, 'chat_not_found');
  return json(await updateChat(identity, chatId, await readJson(request, updateChatInput)));
});

export const DELETE = route<Context>(async (request, { params }) => {
  const identity = await requireIdentity(request.headers);
  await deleteChat(identity, pathId((await params).chatId, 'chat_not_found'));
  return new Response(null, { status: 204 });
});
