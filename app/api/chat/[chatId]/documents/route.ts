import { listDocuments } from '@/lib/artifacts/documents';
import { requireIdentity } from '@/lib/auth/identify';
import { json, pathId, route } from '@/lib/http/route';

type Context = { params: Promise<{ chatId: string }> };

export const GET = route<Context>(async (request, { params }) => {
  const { userId } = await requireIdentity(request.headers);
  return json(await listDocuments(userId, pathId((await params).chatId, 'chat_not_found')));
});
