import { getDocument, renameDocument } from '@/lib/artifacts/documents';
import { documentInput, updateDocumentInput } from '@/lib/artifacts/input';
import { requireIdentity } from '@/lib/auth/identify';
import { json, parseInput, pathId, readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ documentId: string }> };

export const GET = route<Context>(async (request, { params }) => {
  const { userId } = await requireIdentity(request.headers);
  const id = pathId((await params).documentId, 'not_found');
  const { searchParams } = new URL(request.url);
  const wanted = parseInput(documentInput, Object.fromEntries(searchParams));
  return json(await getDocument(userId, id, wanted));
});

export const PATCH = route<Context>(async (request, { params }) => {
  const { userId } = await requireIdentity(request.headers);
  const id = pathId((await params).documentId, 'not_found');
  const { title } = await readJson(request, updateDocumentInput);
  await renameDocument(userId, id, title);
  return new Response(null, { status: 204 });
});
