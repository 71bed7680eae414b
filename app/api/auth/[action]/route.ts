import { sessionResponse } from '@/app/api/session/session-response';
import { signIn, signOut, signUp } from '@/lib/auth/credentials';
import { signInInput, signUpInput } from '@/lib/auth/input';
import type { Session } from '@/lib/auth/session';
import { tellLive } from '@/lib/chat/live-events';
import { AppError } from '@/lib/errors';
import { methods } from '@/lib/http/methods';
import { readJson, route } from '@/lib/http/route';

type Context = { params: Promise<{ action: string }> };

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods<Context>({
  /** POST /api/auth/sign-in | sign-up {email, password, name?} | sign-out → SessionInfo, with cookies. */
  POST: route(async (request, { params }) => {
    const { headers } = request;
    switch ((await params).action) {
      case 'sign-in':
        return entered(request, await signIn(headers, await readJson(request, signInInput)));
      case 'sign-up':
        return entered(request, await signUp(headers, await readJson(request, signUpInput)));
      case 'sign-out':
        return sessionResponse(request, await signOut(headers));
      default:
        throw new AppError('not_found');
    }
  }),
});

/** The account's other windows look again: a guest's chats may have come to it. */
function entered(request: Request, made: Session): Response {
  if (made.account) tellLive(made.account.userId, { type: 'ready' });
  return sessionResponse(request, made);
}
