import { requireIdentity } from '@/lib/auth/identify';
import { stopChat } from '@/lib/chat/stop-chat';
import { json, pathId, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const POST = route<Context>(async (request, { params }) => {
  const identity = await requireIdentity(request.headers);
  return json(await stopChat(identity, pathId((await params).chatId, 'chat_not_found')));
});
