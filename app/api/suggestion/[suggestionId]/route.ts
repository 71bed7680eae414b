import { requireIdentity } from '@/lib/server/account/authenticate';
import { updateSuggestionSchema } from '@/lib/server/documents/input';
import { updateSuggestion } from '@/lib/server/documents/suggestions';
import { defineMethods } from '@/lib/server/http/define-methods';
import { pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ suggestionId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  PATCH: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).suggestionId, 'not_found');
    await updateSuggestion(userId, id, await readJson(request, updateSuggestionSchema));
    return new Response(null, { status: 204 });
  }),
});
