import { getAuth, orUnavailable } from '@/lib/auth/auth';
import { toIdentity } from '@/lib/auth/identify';
import type { Identity } from '@/lib/auth/identity';
import type { SessionInfo } from '@/lib/protocol/api';

/** Who somebody is, and the Set-Cookie lines that keep it so in their browser. */
export type Session = { identity: Identity | null; cookies: string[] };

/**
 * Reads the session from the database, not from its cached copy, and renews both cookies.
 * @throws AppError database_unavailable
 */
export async function renewSession(headers: Headers): Promise<Session> {
  const auth = await getAuth(headers);
  const found = await orUnavailable(
    auth.api.getSession({ headers, query: { disableCookieCache: true }, returnHeaders: true }),
  );
  return {
    identity: found.response ? toIdentity(found.response.user) : null,
    cookies: found.headers.getSetCookie(),
  };
}

/**
 * As renewSession; somebody without a session gets one as a new guest.
 * @throws AppError database_unavailable
 */
export async function ensureSession(headers: Headers): Promise<Session> {
  const session = await renewSession(headers);
  if (session.identity) return session;
  const auth = await getAuth(headers);
  // Without the request's cookies: what is left of a dead session must not come into it.
  const made = await orUnavailable(
    auth.api.signInAnonymous({ headers: new Headers(), returnHeaders: true }),
  );
  const user = { ...made.response.user, isAnonymous: true };
  return { identity: toIdentity(user), cookies: made.headers.getSetCookie() };
}

/** What the browser is told about it. */
export function toSessionInfo(identity: Identity | null): SessionInfo {
  if (!identity) return { user: null };
  const { userId, name, email, anonymous } = identity;
  return { user: { id: userId, name, email, anonymous } };
}
