import { listSuggestions } from '@/lib/artifacts/suggestions';
import { requireIdentity } from '@/lib/auth/identify';
import { methods } from '@/lib/http/methods';
import { json, pathId, route } from '@/lib/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    return json(
      request,
      await listSuggestions(userId, pathId((await params).documentId, 'not_found')),
      { userId },
    );
  }),
});
