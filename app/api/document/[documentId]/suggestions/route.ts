import { listSuggestions } from '@/lib/artifacts/suggestions';
import { requireIdentity } from '@/lib/auth/identify';
import { json, pathId, route } from '@/lib/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const GET = route<Context>(async (request, { params }) => {
  const { userId } = await requireIdentity(request.headers);
  return json(await listSuggestions(userId, pathId((await params).documentId, 'not_found')));
});
