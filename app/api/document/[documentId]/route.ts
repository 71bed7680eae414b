import { requireIdentity } from '@/lib/server/account/authenticate';
import { getDocument, renameDocument } from '@/lib/server/documents/documents';
import { documentQuerySchema, updateDocumentSchema } from '@/lib/server/documents/input';
import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, parseInput, pathId, readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  GET: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).documentId, 'not_found');
    const { searchParams } = new URL(request.url);
    const query = parseInput(documentQuerySchema, Object.fromEntries(searchParams));
    return jsonResponse(request, await getDocument(userId, id, query), { userId });
  }),

  PATCH: route(async (request, { params }) => {
    const { userId } = await requireIdentity(request.headers);
    const id = pathId((await params).documentId, 'not_found');
    const { title } = await readJson(request, updateDocumentSchema);
    await renameDocument(userId, id, title);
    return new Response(null, { status: 204 });
  }),
});
