import { methods } from '@/lib/http/methods';
import { json, route } from '@/lib/http/route';
import { listModels } from '@/lib/models';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  /** For everybody, like the page itself: which models there are is nobody's own. */
  GET: route(async (request) => json(request, await listModels())),
});
