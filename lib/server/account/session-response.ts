import { toSessionInfo } from '@/lib/server/account/session';
import type { SessionResult } from '@/lib/server/account/session-result';
import { jsonResponse } from '@/lib/server/http/route';

/** Returns the SessionInfo as JSON, with the session's cookies. */
export function sessionResponse(request: Request, { account, cookies }: SessionResult): Response {
  const response = jsonResponse(request, toSessionInfo(account));
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}
