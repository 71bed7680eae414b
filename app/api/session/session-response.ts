import { type Session, toSessionInfo } from '@/lib/auth/session';
import { json } from '@/lib/http/route';

/** A SessionInfo, with the cookies that go with it. */
export function sessionResponse({ identity, cookies }: Session): Response {
  const response = json(toSessionInfo(identity));
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}
