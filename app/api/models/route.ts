import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, route } from '@/lib/server/http/route';
import { listModels } from '@/lib/server/models';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** For everybody, like the page itself: which models there are is nobody's own. */
  GET: route(async (request) => jsonResponse(request, await listModels())),
});
