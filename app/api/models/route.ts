import { defineMethods } from '@/lib/server/http/define-methods';
import { jsonResponse, route } from '@/lib/server/http/route';
import { listModels } from '@/lib/server/models';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** No sign-in needed, as for the page itself: the list of models is the same for all users. */
  GET: route(async (request) => jsonResponse(request, await listModels())),
});
