import { listSuggestions } from '@/lib/artifacts/suggestions';
import { requireIdentity } from '@/lib/auth/identify';
import { defineMethods } from '@/lib/http/methods';
import { jsonResponse, pathId, route } from '@/lib/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    return jsonResponse(
      request,
      await listSuggestions(userId, pathId((await params).documentId, 'not_found')),
      { userId },
    );
  }),
});
