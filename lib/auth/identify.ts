import { getCookieCache } from 'better-auth/cookies';
import { type Auth, COOKIE_PREFIX, getAuth, orUnavailable } from '@/lib/auth/auth';
import { pickCookie } from '@/lib/auth/cookies';
import type { Identity } from '@/lib/auth/identity';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';

/**
 * Who sent a request with these headers: the one place that answers it, so that another way of
 * signing in is added here and nowhere else. Costs no query while the session's signed copy in a
 * cookie is less than five minutes old, and one otherwise.
 * @returns null for somebody who has no session, or whose session is not valid any more.
 * @throws AppError database_unavailable
 */
export async function identify(headers: Headers): Promise<Identity | null> {
  const cookies = headers.get('cookie');
  if (!cookies) return null;
  const remembered = recall(cookies);
  if (remembered) return remembered;
  const auth = await getAuth(headers);
  const copied = await readSignedCopy(auth, headers);
  if (copied) {
    remember(cookies, copied);
    return copied;
  }
  // Reads only: renewing a session sets cookies, and that is /api/session's job.
  const query = { disableRefresh: true, disableCookieCache: true };
  const found = await orUnavailable(auth.api.getSession({ headers, query }));
  return found ? toIdentity(found.user) : null;
}

/** @throws AppError unauthorized, database_unavailable */
export async function requireIdentity(headers: Headers): Promise<Identity> {
  const identity = await identify(headers);
  if (!identity) throw new AppError('unauthorized');
  return identity;
}

/** How long the same cookies are believed without checking their signature again. */
const REMEMBER_MS = 60_000;
const REMEMBER_MOST = 2_000;

/** Whom cookies that were checked a moment ago belong to: checking costs a turn in a thread pool. */
const checked = () =>
  processSingleton('checkedCookies', () => new Map<string, { who: Identity; until: number }>());

function recall(cookies: string): Identity | null {
  const known = checked().get(cookies);
  if (!known) return null;
  if (known.until > Date.now()) return known.who;
  checked().delete(cookies);
  return null;
}

function remember(cookies: string, who: Identity): void {
  // Maps keep the order of insertion: the first one is the oldest.
  const [oldest] = checked().size >= REMEMBER_MOST ? checked().keys() : [];
  if (oldest !== undefined) checked().delete(oldest);
  checked().set(cookies, { who, until: Date.now() + REMEMBER_MS });
}

/** The signed copy by itself: a third of what the library's getSession costs, on every request. */
async function readSignedCopy(auth: Auth, headers: Headers): Promise<Identity | null> {
  const { secret, authCookies } = await auth.$context;
  const copy = await getCookieCache(headers, {
    secret,
    cookiePrefix: COOKIE_PREFIX,
    isSecure: auth.options.advanced.useSecureCookies,
  }).catch(() => null); // It throws at what is not base64: no copy then, and the database decides.
  if (!copy) return null;
  // Otherwise the copy is of an earlier session, left behind or put there.
  const { name } = authCookies.sessionToken;
  const isCurrent = pickCookie(headers, name)?.startsWith(`${name}=${copy.session.token}.`);
  return isCurrent ? toIdentity(copy.user) : null;
}

type SessionUser = {
  id: string;
  name: string;
  email: string;
  isAnonymous?: boolean | null | undefined;
};

/** A row of better-auth's as the Identity of it; a guest's made-up e-mail address stays inside. */
export function toIdentity(user: SessionUser): Identity {
  const anonymous = user.isAnonymous === true;
  return {
    userId: user.id,
    workroomId: null,
    name: user.name,
    email: anonymous ? null : user.email,
    anonymous,
  };
}
