import { AppError } from '@/lib/protocol/errors';
import { signIn, signOut, signUp } from '@/lib/server/account/credentials';
import { signInSchema, signUpSchema } from '@/lib/server/account/input';
import type { SessionResult } from '@/lib/server/account/session';
import { sessionResponse } from '@/lib/server/account/session-response';
import { publishEvent } from '@/lib/server/db/signals';
import { defineMethods } from '@/lib/server/http/define-methods';
import { readJson, route } from '@/lib/server/http/route';

type Context = { params: Promise<{ action: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods<Context>({
  /** POST /api/auth/sign-in | sign-up {email, password, name?} | sign-out → SessionInfo, with cookies. */
  POST: route(async (request, { params }) => {
    const { headers } = request;
    switch ((await params).action) {
      case 'sign-in':
        return signedInResponse(
          request,
          await signIn(headers, await readJson(request, signInSchema)),
        );
      case 'sign-up':
        return signedInResponse(
          request,
          await signUp(headers, await readJson(request, signUpSchema)),
        );
      case 'sign-out':
        return sessionResponse(request, await signOut(headers));
      default:
        throw new AppError('not_found');
    }
  }),
});

/** Makes the account's other tabs refetch: a guest's chats may have been transferred to it. */
function signedInResponse(request: Request, result: SessionResult): Response {
  if (result.account) publishEvent(result.account.userId, { type: 'ready' });
  return sessionResponse(request, result);
}
