import { clientAddress } from '@/lib/auth/address';
import { getAuth, orUnavailable } from '@/lib/auth/auth';
import { toAccount } from '@/lib/auth/identify';
import type { Account } from '@/lib/auth/identity';
import { consume } from '@/lib/auth/limits';
import { getConfig } from '@/lib/config';
import type { SessionInfo } from '@/lib/protocol/api';

/** Who somebody is, and the Set-Cookie lines that keep it so in their browser. */
export type Session = { account: Account | null; cookies: string[] };

/**
 * Reads the session from the database and renews its cookie.
 * @throws AppError database_unavailable
 */
export async function renewSession(headers: Headers): Promise<Session> {
  const auth = await getAuth(headers);
  const found = await orUnavailable(auth.api.getSession({ headers, returnHeaders: true }));
  return {
    account: found.response ? toAccount(found.response.user) : null,
    cookies: found.headers.getSetCookie(),
  };
}

/**
 * As renewSession; somebody without a session gets one as a new guest.
 * @throws AppError database_unavailable, too_many_guests
 */
export async function ensureSession(headers: Headers): Promise<Session> {
  const session = await renewSession(headers);
  if (session.account) return session;
  const address = clientAddress(headers, getConfig().limits.trustedProxies);
  await orUnavailable(consume('guestsByAddress', address));
  const auth = await getAuth(headers);
  // Without the request's cookies: what is left of a dead session must not come into it.
  const made = await orUnavailable(
    auth.api.signInAnonymous({ headers: new Headers(), returnHeaders: true }),
  );
  const user = { ...made.response.user, isAnonymous: true };
  return { account: toAccount(user), cookies: made.headers.getSetCookie() };
}

/** What the browser is told about it. */
export function toSessionInfo(account: Account | null): SessionInfo {
  if (!account) return { user: null };
  const { userId, name, email, anonymous } = account;
  return { user: { id: userId, name, email, anonymous } };
}
