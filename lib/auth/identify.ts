import { getAuth, orUnavailable } from '@/lib/auth/auth';
import type { Identity } from '@/lib/auth/identity';
import { AppError } from '@/lib/errors';

/**
 * Who sent a request with these headers: the one place that answers it, so that another way of
 * signing in is added here and nowhere else. Costs no query while the session's signed cookie is
 * less than five minutes old, and one otherwise.
 * @returns null for somebody who has no session, or whose session is not valid any more.
 * @throws AppError database_unavailable
 */
export async function identify(headers: Headers): Promise<Identity | null> {
  if (!headers.has('cookie')) return null;
  const auth = await getAuth(headers);
  // Reads only: renewing a session sets cookies, and that is /api/session's job.
  const found = await orUnavailable(
    auth.api.getSession({ headers, query: { disableRefresh: true } }),
  );
  return found ? toIdentity(found.user) : null;
}

/** @throws AppError unauthorized, database_unavailable */
export async function requireIdentity(headers: Headers): Promise<Identity> {
  const identity = await identify(headers);
  if (!identity) throw new AppError('unauthorized');
  return identity;
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
