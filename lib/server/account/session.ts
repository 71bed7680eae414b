import type { SessionInfo } from '@/lib/protocol/api';
import { toAccount } from '@/lib/server/account/authenticate';
import { getAuth, orDatabaseUnavailable } from '@/lib/server/account/better-auth';
import type { Account } from '@/lib/server/account/identity';
import { consumeRateLimit } from '@/lib/server/account/rate-limits';
import { getConfig } from '@/lib/server/config';
import { clientAddress } from '@/lib/server/http/address';

/** Who somebody is, and the Set-Cookie lines that keep it so in their browser. */
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
 * As renewSession; somebody without a session gets one as a new guest.
 * @throws AppError database_unavailable, too_many_guests
 */
export async function ensureSession(headers: Headers): Promise<SessionResult> {
  const session = await renewSession(headers);
  if (session.account) return session;
  const address = clientAddress(headers, getConfig().limits.trustedProxies);
  await orDatabaseUnavailable(consumeRateLimit('guestsByAddress', address));
  const auth = await getAuth(headers);
  // Without the request's cookies: what is left of a dead session must not come into it.
  const created = await orDatabaseUnavailable(
    auth.api.signInAnonymous({ headers: new Headers(), returnHeaders: true }),
  );
  const user = { ...created.response.user, isAnonymous: true };
  return { account: toAccount(user), cookies: created.headers.getSetCookie() };
}

/** What the browser is told about it. */
export function toSessionInfo(account: Account | null): SessionInfo {
  if (!account) return { user: null };
  const { userId, name, email, anonymous } = account;
  return { user: { id: userId, name, email, anonymous } };
}
