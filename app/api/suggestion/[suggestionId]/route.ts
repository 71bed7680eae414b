import { updateSuggestionSchema } from '@/lib/artifacts/input';
import { updateSuggestion } from '@/lib/artifacts/suggestions';
import { requireIdentity } from '@/lib/auth/identify';
import { defineMethods } from '@/lib/http/methods';
import { pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ suggestionId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  PATCH: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).suggestionId, 'not_found');
    await updateSuggestion(userId, id, await readJson(request, updateSuggestionSchema));
    return new Response(null, { status: 204 });
  }),
});
