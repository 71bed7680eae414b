import type { SessionInfo } from '@/lib/protocol/api';
import { toAccount } from '@/lib/server/account/authenticate';
import { getAuth, orDatabaseUnavailable } from '@/lib/server/account/better-auth';
import type { Account } from '@/lib/server/account/identity';
import { consumeRateLimit } from '@/lib/server/account/rate-limits';
import { getConfig } from '@/lib/server/config';
import { clientAddress } from '@/lib/server/http/address';

/** The account of a session, and the Set-Cookie values that renew it. Account null: no session. */
export type SessionResult = { account: Account | null; cookies: string[] };

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

/**
 * As renewSession; creates a guest with a new session if the request has none.
 * @throws AppError database_unavailable, too_many_guests
 */
export async function ensureSession(headers: Headers): Promise<SessionResult> {
  const session = await renewSession(headers);
  if (session.account) return session;
  const address = clientAddress(headers, getConfig().limits.trustedProxies);
  await orDatabaseUnavailable(consumeRateLimit('guestsByAddress', address));
  const auth = await getAuth(headers);
  // Without the request's cookies: remains of an ended session must not affect the new one.
  const created = await orDatabaseUnavailable(
    auth.api.signInAnonymous({ headers: new Headers(), returnHeaders: true }),
  );
  const user = { ...created.response.user, isAnonymous: true };
  return { account: toAccount(user), cookies: created.headers.getSetCookie() };
}

/** Maps an account to what the browser may know of it. */
export function toSessionInfo(account: Account | null): SessionInfo {
  if (!account) return { user: null };
  const { userId, name, email, anonymous } = account;
  return { user: { id: userId, name, email, anonymous } };
}
