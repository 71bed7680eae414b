import { listDocuments } from '@/lib/artifacts/documents';
import { requireIdentity } from '@/lib/auth/identify';
import { defineMethods } from '@/lib/http/methods';
import { jsonResponse, pathId, route } from '@/lib/http/route';

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
