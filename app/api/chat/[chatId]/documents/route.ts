import { requireIdentity } from '@/lib/server/account/authenticate';
import { listDocuments } from '@/lib/server/documents/documents';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    return jsonResponse(
      request,
      await listDocuments(userId, pathId((await params).chatId, 'chat_not_found')),
      { userId },
    );
  }),
});
