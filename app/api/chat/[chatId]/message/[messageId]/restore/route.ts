import { requireIdentity } from '@/lib/server/account/authenticate';
import { restoreBranch } from '@/lib/server/chat/delete-branch';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string; messageId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  POST: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const { chatId, messageId } = await params;
    const detail = await restoreBranch(
      identity,
      pathId(chatId, 'chat_not_found'),
      pathId(messageId, 'not_found'),
    );
    return jsonResponse(request, detail, identity);
  }),
});
