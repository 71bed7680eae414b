import { getDocument, renameDocument } from '@/lib/artifacts/documents';
import { documentInput, updateDocumentInput } from '@/lib/artifacts/input';
import { requireIdentity } from '@/lib/auth/identify';
import { methods } from '@/lib/http/methods';
import { json, parseInput, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).documentId, 'not_found');
    const { searchParams } = new URL(request.url);
    const wanted = parseInput(documentInput, Object.fromEntries(searchParams));
    return json(request, await getDocument(userId, id, wanted), { userId });
  }),

  PATCH: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).documentId, 'not_found');
    const { title } = await readJson(request, updateDocumentInput);
    await renameDocument(userId, id, title);
    return new Response(null, { status: 204 });
  }),
});
