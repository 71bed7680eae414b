import { MAX_SAVE_BYTES, saveVersionInput } from '@/lib/artifacts/input';
import { listVersions, saveVersion } from '@/lib/artifacts/versions';
import { requireIdentity } from '@/lib/auth/identify';
import { methods } from '@/lib/http/methods';
import { json, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    return json(
      request,
      await listVersions(userId, pathId((await params).documentId, 'not_found')),
      { userId },
    );
  }),

  POST: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).documentId, 'not_found');
    const body = await readJson(request, saveVersionInput, MAX_SAVE_BYTES);
    return json(request, await saveVersion(userId, id, body), { userId });
  }),
});
