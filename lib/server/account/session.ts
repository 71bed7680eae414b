import type { SessionInfo } from '@/lib/protocol/api';
import { getAuth } from '@/lib/server/account/better-auth';
import { type Account, toAccount } from '@/lib/server/account/identity';
import { orDatabaseUnavailable } from '@/lib/server/account/or-database-unavailable';
import type { SessionResult } from '@/lib/server/account/session-result';

/**
 * Reads the session from the database and renews its cookie.
 * @throws AppError database_unavailable
 */
export async function renewSession(headers: Headers): Promise<SessionResult> {
  const auth = await getAuth(headers);
  const result = await orDatabaseUnavailable(auth.api.getSession({ headers, returnHeaders: true }));
  return {
    account: result.response ? toAccount(result.response.user) : null,
    cookies: result.headers.getSetCookie(),
  };
}

/** Maps an account to what the browser may know of it. */
export function toSessionInfo(account: Account | null): SessionInfo {
  if (!account) return { user: null };
  const { userId, name, email, anonymous } = account;
  return { user: { id: userId, name, email, anonymous } };
}
