import { defineMethods } from '@/lib/http/methods';
import { jsonResponse, route } from '@/lib/http/route';
import { listModels } from '@/lib/models';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** For everybody, like the page itself: which models there are is nobody's own. */
  GET: route(async (request) => jsonResponse(request, await listModels())),
});
