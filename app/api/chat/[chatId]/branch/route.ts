import { requireIdentity } from '@/lib/auth/identify';
import { selectBranchSchema } from '@/lib/chat/input';
import { selectBranch } from '@/lib/chat/select-branch';
import { defineMethods } from '@/lib/http/methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  PUT: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    const { messageId } = await readJson(request, selectBranchSchema);
    return jsonResponse(request, await selectBranch(identity, chatId, messageId), identity);
  }),
});
