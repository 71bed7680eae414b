import { requireIdentity } from '@/lib/server/account/authenticate';
import { selectBranchSchema } from '@/lib/server/chat/input';
import { selectBranch } from '@/lib/server/chat/select-branch';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  PUT: route(async (request, { params }) => {
    const identity = await requireIdentity(request.headers);
    const chatId = pathId((await params).chatId, 'chat_not_found');
    const body = await readJson(request, selectBranchSchema);
    return jsonResponse(request, await selectBranch(identity, chatId, body), identity);
  }),
});
