import { sessionResponse } from '@/lib/server/account/session-response';
import type { SessionResult } from '@/lib/server/account/session-result';
import { runSignInAction, signOut } from '@/lib/server/account/sign-in';
import { publishEvent } from '@/lib/server/db/signals';
import { defineMethods } from '@/lib/server/http/define-methods';
import { route } from '@/lib/server/http/route';

type Context = { params: Promise<{ action: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  /**
   * POST /api/auth/sign-out, or an action of a sign-in method (lib/server/account/methods) with its
   * fields → SessionInfo, with cookies.
   */
  POST: route(async (request, { params }) => {
    const { action } = await params;
    if (action === 'sign-out') return sessionResponse(request, await signOut(request.headers));
    return signedInResponse(request, await runSignInAction(action, request));
  }),
});

/** Makes the account's other tabs refetch: a guest's chats may have been transferred to it. */
function signedInResponse(request: Request, result: SessionResult): Response {
  if (result.account) publishEvent(result.account.userId, { type: 'ready' });
  return sessionResponse(request, result);
}
