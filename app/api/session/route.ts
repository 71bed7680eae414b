import { ensureSession, renewSession } from '@/lib/auth/session';
import { defineMethods } from '@/lib/http/methods';
import { route } from '@/lib/http/route';
import { sessionResponse } from './session-response';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** Who is asking; renews the session's cookies. */
  GET: route(async (request) => sessionResponse(request, await renewSession(request.headers))),

  /** As GET; makes a guest where there is nobody. */
  POST: route(async (request) => sessionResponse(request, await ensureSession(request.headers))),
});
