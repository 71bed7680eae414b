import { type Session, toSessionInfo } from '@/lib/auth/session';
import { json } from '@/lib/http/route';

/** A SessionInfo, with the cookies that go with it. */
export function sessionResponse(request: Request, { account, cookies }: Session): Response {
  const response = json(request, toSessionInfo(account));
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}
