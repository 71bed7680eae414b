import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { AppError } from '@/lib/protocol/errors';
import { PAGE_USER_HEADER } from '@/lib/protocol/page-user';
import { getAuth, orDatabaseUnavailable } from '@/lib/server/account/better-auth';
import type { Account, Identity } from '@/lib/server/account/identity';
import { type StoredSession, sessionCache } from '@/lib/server/account/session-cache';
import { readSignedCookie } from '@/lib/server/account/signed-cookie';
import { db } from '@/lib/server/db/client';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';
import { session, user } from '@/lib/server/db/schema';
import { findCookie } from '@/lib/server/http/cookies';

/**
 * Who sent a request with these headers: the one place that answers it, so that another way of
 * signing in is added here and nowhere else. Costs no query while the process knows the session.
 * @returns null for a client without a session, and for one whose session has ended
 * @throws AppError database_unavailable; unauthorized for a page that was opened for another user
 */
export async function authenticate(headers: Headers): Promise<Identity | null> {
  const identity = await sessionOf(headers);
  const pageUser = headers.get(PAGE_USER_HEADER);
  if (pageUser !== null && pageUser !== identity?.userId) throw new AppError('unauthorized');
  return identity;
}

async function sessionOf(headers: Headers): Promise<Identity | null> {
  if (!headers.has('cookie')) return null;
  const auth = await getAuth(headers);
  const { secret, authCookies } = await auth.$context;
  const { name } = authCookies.sessionToken;
  const cookie = findCookie(headers, name);
  const token = cookie && readSignedCookie(cookie.slice(name.length + 1), secret);
  if (!token) return null;
  // Tried again by itself: the request's own second try is then left for what it asks for.
  return await sessionCache().find(token, (sessionToken) =>
    retryOnOutage(() => readSession(sessionToken)),
  );
}

/** @throws AppError unauthorized, database_unavailable */
export async function requireIdentity(headers: Headers): Promise<Identity> {
  const identity = await authenticate(headers);
  if (!identity) throw new AppError('unauthorized');
  return identity;
}

/** Reads only: renewing a session sets cookies, and that is /api/session's job. */
async function readSession(token: string): Promise<StoredSession | null> {
  const rows = await orDatabaseUnavailable(
    db()
      .select({ id: session.id, expiresAt: session.expiresAt, user })
      .from(session)
      .innerJoin(user, eq(user.id, session.userId))
      .where(
        and(eq(session.token, token), gt(session.expiresAt, sql`now()`), isNull(user.blockedAt)),
      ),
  );
  const [row] = rows;
  if (!row) return null;
  return {
    identity: { ...toAccount(row.user), sessionId: row.id },
    expiresAt: row.expiresAt,
  };
}

type SessionUser = {
  id: string;
  name: string;
  email: string;
  isAnonymous?: boolean | null | undefined;
};

/** A row of better-auth's as an Account; a guest's made-up e-mail address stays inside. */
export function toAccount(row: SessionUser): Account {
  const anonymous = row.isAnonymous === true;
  return {
    userId: row.id,
    workroomId: null,
    name: row.name,
    email: anonymous ? null : row.email,
    anonymous,
  };
}
