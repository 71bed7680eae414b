/** Runs the actions of the sign-in methods with better-auth. */
import { eq } from 'drizzle-orm';
import { AppError } from '@/lib/protocol/errors';
import { authenticate } from '@/lib/server/account/authenticate';
import { type Auth, getAuth } from '@/lib/server/account/better-auth';
import { type Identity, toAccount } from '@/lib/server/account/identity';
import type { SignInContext } from '@/lib/server/account/methods/method';
import {
  METHOD_ERROR_CODES,
  SIGN_IN_ACTIONS,
  startSession,
} from '@/lib/server/account/methods/registry';
import { orDatabaseUnavailable } from '@/lib/server/account/or-database-unavailable';
import { renewSession } from '@/lib/server/account/session';
import { sessionCache } from '@/lib/server/account/session-cache';
import type { SessionResult } from '@/lib/server/account/session-result';
import { db } from '@/lib/server/db/client';
import { session } from '@/lib/server/db/schema';
import { findCookie } from '@/lib/server/http/cookies';
import { readJson } from '@/lib/server/http/route';
import { logger } from '@/lib/server/log/logger';

/**
 * Runs the action of a sign-in method with the request's body.
 * @throws AppError not_found if no method has the action, and what the action throws
 */
export async function runSignInAction(name: string, request: Request): Promise<SessionResult> {
  const action = SIGN_IN_ACTIONS.get(name);
  if (!action) throw new AppError('not_found');
  const body = await readJson(request, action.schema);
  return await action.run(await signInContext(request.headers), body as never);
}

/**
 * As renewSession; creates a session, as a guest, if the request has none.
 * @throws AppError database_unavailable, too_many_guests
 */
export async function ensureSession(headers: Headers): Promise<SessionResult> {
  const renewed = await renewSession(headers);
  if (renewed.account || !startSession) return renewed;
  return await startSession(await signInContext(headers));
}

/** Ends the session of the request, in the database and in the browser. */
export async function signOut(headers: Headers): Promise<SessionResult> {
  const auth = await getAuth(headers);
  const identity = await authenticate(headers);
  const ended = await orDatabaseUnavailable(auth.api.signOut({ headers, returnHeaders: true }));
  // A trigger notifies the other processes.
  if (identity) sessionCache().end([identity.sessionId]);
  return { account: null, cookies: ended.headers.getSetCookie() };
}

async function signInContext(headers: Headers): Promise<SignInContext> {
  const auth = await getAuth(headers);
  const { secret, authCookies } = await auth.$context;
  return {
    headers,
    secret,
    cookies: {
      sessionToken: authCookies.sessionToken.name,
      secure: auth.options.advanced.useSecureCookies,
    },
    async signIn(path, fields) {
      const previous = await authenticate(headers);
      const result = await callEndpoint(auth, path, fields, await authHeaders(auth, headers));
      await endSession(previous);
      return result;
    },
    createSession: (path) => callEndpoint(auth, path, {}, new Headers()),
  };
}

/** Calls better-auth's HTTP handler, which links guests to accounts. */
async function callEndpoint(
  auth: Auth,
  path: string,
  fields: Record<string, string | undefined>,
  headers: Headers,
): Promise<SessionResult> {
  headers.set('content-type', 'application/json');
  const request = new Request(`${auth.options.baseURL}/api/auth${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(fields),
  });
  const response = await orDatabaseUnavailable(auth.handler(request));
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw toAppError(response.status, body);
  return { account: toAccount(body.user), cookies: response.headers.getSetCookie() };
}

/** Ends the browser's previous session, which nothing refers to any more. */
async function endSession(identity: Identity | null): Promise<void> {
  if (!identity) return;
  await orDatabaseUnavailable(db().delete(session).where(eq(session.id, identity.sessionId)));
  sessionCache().end([identity.sessionId]);
}

/** Returns the request headers that better-auth needs, validated. */
async function authHeaders(auth: Auth, requestHeaders: Headers): Promise<Headers> {
  const headers = new Headers();
  // Only the session cookie: with a broken cookie cache better-auth would not see the guest and
  // would leave its chats behind. And only if the session is valid: with an ended one better-auth
  // also clears the new cookies.
  const { authCookies } = await auth.$context;
  const cookie = findCookie(requestHeaders, authCookies.sessionToken.name);
  if (cookie !== null && (await renewSession(requestHeaders)).account)
    headers.set('cookie', cookie);
  const agent = requestHeaders.get('user-agent');
  if (agent !== null) headers.set('user-agent', agent);
  return headers;
}

function toAppError(status: number, body: { code?: string; message?: string }): AppError {
  if (status === 429) return new AppError('too_many_attempts');
  // better-auth's own failures are those of the database, and it has logged them.
  if (status >= 500) return new AppError('database_unavailable');
  const code = body.code ? METHOD_ERROR_CODES[body.code] : undefined;
  if (code) return new AppError(code);
  logger.error({ status, code: body.code }, 'Unexpected response from the auth library');
  return new AppError('internal');
}
