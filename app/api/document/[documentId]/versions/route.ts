import { requireIdentity } from '@/lib/server/account/authenticate';
import { MAX_SAVE_BYTES, saveVersionSchema } from '@/lib/server/documents/input';
import { listVersions, saveVersion } from '@/lib/server/documents/versions';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    return jsonResponse(
      request,
      await listVersions(userId, pathId((await params).documentId, 'not_found')),
      { userId },
    );
  }),

  POST: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).documentId, 'not_found');
    const body = await readJson(request, saveVersionSchema, MAX_SAVE_BYTES);
    return jsonResponse(request, await saveVersion(userId, id, body), { userId });
  }),
});
