import { requireIdentity } from '@/lib/server/account/authenticate';
import { listSuggestions } from '@/lib/server/documents/suggestions';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, route } from '@/lib/server/http/route';

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
