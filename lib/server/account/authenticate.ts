import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { AppError } from '@/lib/protocol/errors';
import { PAGE_USER_HEADER } from '@/lib/protocol/page-user';
import { getAuth } from '@/lib/server/account/better-auth';
import { type Identity, toAccount } from '@/lib/server/account/identity';
import { orDatabaseUnavailable } from '@/lib/server/account/or-database-unavailable';
import { type StoredSession, sessionCache } from '@/lib/server/account/session-cache';
import { readSignedCookie } from '@/lib/server/account/signed-cookie';
import { db } from '@/lib/server/db/client';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';
import { session, user } from '@/lib/server/db/schema';
import { findCookie } from '@/lib/server/http/cookies';

/**
 * Authenticates a request by its headers. All sign-in methods have the same
 * sessions. Costs no query while the session is cached in this process.
 * @returns null if the request has no session or its session has ended
 * @throws AppError database_unavailable; unauthorized if the page was opened for another user
 */
export async function authenticate(headers: Headers): Promise<Identity | null> {
  const identity = await identityOf(headers);
  const pageUser = headers.get(PAGE_USER_HEADER);
  if (pageUser !== null && pageUser !== identity?.userId) throw new AppError('unauthorized');
  return identity;
}

async function identityOf(headers: Headers): Promise<Identity | null> {
  if (!headers.has('cookie')) return null;
  const auth = await getAuth(headers);
  const { secret, authCookies } = await auth.$context;
  const { name } = authCookies.sessionToken;
  const cookie = findCookie(headers, name);
  const token = cookie && readSignedCookie(cookie.slice(name.length + 1), secret);
  if (!token) return null;
  // Retried here, so that the request's own retry remains for its main query.
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

/** Does not renew the session: that sets cookies and is done by /api/session only. */
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
