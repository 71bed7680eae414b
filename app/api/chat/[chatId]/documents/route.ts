import { listDocuments } from '@/lib/artifacts/documents';
import { requireIdentity } from '@/lib/auth/identify';
import { methods } from '@/lib/http/methods';
import { json, pathId, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    return json(
      request,
      await listDocuments(userId, pathId((await params).chatId, 'chat_not_found')),
      { userId },
    );
  }),
});
