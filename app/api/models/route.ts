import { requireIdentity } from '@/lib/auth/identify';
import { json, route } from '@/lib/http/route';
import { listModels } from '@/lib/models';

export const GET = route(async (request) => {
  await requireIdentity(request.headers);
  return json(await listModels());
});
