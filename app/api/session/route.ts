import { renewSession } from '@/lib/server/account/session';
import { sessionResponse } from '@/lib/server/account/session-response';
import { ensureSession } from '@/lib/server/account/sign-in';
import { defineMethods } from '@/lib/server/http/define-methods';
import { route } from '@/lib/server/http/route';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** Returns the current user; renews the session's cookies. */
  GET: route(async (request) => sessionResponse(request, await renewSession(request.headers))),

  /** As GET; creates a guest if the request has no session. */
  POST: route(async (request) => sessionResponse(request, await ensureSession(request.headers))),
});
