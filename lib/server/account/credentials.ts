import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { authenticate, toAccount } from '@/lib/server/account/authenticate';
import {
  type Auth,
  getAuth,
  orDatabaseUnavailable,
  PASSWORD_LENGTH,
} from '@/lib/server/account/better-auth';
import type { Identity } from '@/lib/server/account/identity';
import type { SignInInput, SignUpInput } from '@/lib/server/account/input';
import { readKnownDevice } from '@/lib/server/account/known-device';
import {
  consumeRateLimit,
  type RateLimitName,
  rejectIfExceeded,
  resetRateLimit,
} from '@/lib/server/account/rate-limits';
import { renewSession, type SessionResult } from '@/lib/server/account/session';
import { sessionCache } from '@/lib/server/account/session-cache';
import { getConfig } from '@/lib/server/config';
import { db } from '@/lib/server/db/client';
import { session, user } from '@/lib/server/db/schema';
import { clientAddress } from '@/lib/server/http/address';
import { findCookie } from '@/lib/server/http/cookies';
import { logger } from '@/lib/server/log/logger';

type Action = 'sign-in' | 'sign-up';

/** Error codes that count as a wrong guess. */
const FAILED_GUESS_CODES = new Set<ErrorCode>(['wrong_credentials', 'sign_up_refused']);

/** better-auth's error codes that the user can act on. */
const ERROR_CODES: Record<string, ErrorCode> = {
  INVALID_EMAIL: 'email_invalid',
  // The e-mail address is the only field that better-auth validates more strictly than
  // lib/server/account/input.
  VALIDATION_ERROR: 'email_invalid',
  INVALID_EMAIL_OR_PASSWORD: 'wrong_credentials',
  PASSWORD_TOO_SHORT: 'password_too_short',
  PASSWORD_TOO_LONG: 'password_too_long',
  USER_ALREADY_EXISTS: 'sign_up_refused',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'sign_up_refused',
  // The insert failed: the address was taken after it was checked.
  FAILED_TO_CREATE_USER: 'sign_up_refused',
};

/**
 * Signs in to an account. Ownership of the current guest's data is transferred to it.
 * @throws AppError wrong_credentials, account_blocked, email_invalid, too_many_tries, too_busy,
 *   internal, database_unavailable
 */
export async function signIn(
  headers: Headers,
  { email, password }: SignInInput,
): Promise<SessionResult> {
  return withRateLimits(headers, email, () =>
    callAuthHandler('sign-in', headers, { email, password }),
  );
}

/**
 * Creates an account and signs in to it. Ownership of the current guest's data is transferred to
 * it. If an account with this address exists, this signs in to it when the password is correct and
 * otherwise counts as a wrong guess, so it reveals no more than signing in does.
 * @throws AppError as signIn, and sign_up_refused, password_too_short, password_too_long
 */
export async function signUp(
  headers: Headers,
  { email, password, name }: SignUpInput,
): Promise<SessionResult> {
  // Checked before the lookup, so that the error does not reveal whether the account exists.
  if (password.length < PASSWORD_LENGTH.min) throw new AppError('password_too_short');
  if (password.length > PASSWORD_LENGTH.max) throw new AppError('password_too_long');
  return withRateLimits(headers, email, async () => {
    const exists = await orDatabaseUnavailable(db().$count(user, eq(user.email, email)));
    if (exists === 0) {
      return await callAuthHandler('sign-up', headers, {
        email,
        password,
        name: name || email.split('@')[0],
      });
    }
    try {
      return await callAuthHandler('sign-in', headers, { email, password });
    } catch (error) {
      const isWrong = error instanceof AppError && error.code === 'wrong_credentials';
      throw isWrong ? new AppError('sign_up_refused') : error;
    }
  });
}

/**
 * Limits password guessing per account and origin, and per account alone. A browser that has signed
 * in to the account before has its own counter, so that attackers cannot lock its user out.
 */
async function withRateLimits(
  headers: Headers,
  email: string,
  attempt: () => Promise<SessionResult>,
): Promise<SessionResult> {
  const auth = await getAuth(headers);
  const device = await readKnownDevice(auth, headers, email);
  const address = clientAddress(headers, getConfig().limits.trustedProxies);
  const origin = `${hashEmail(email)} ${device.knowsAccount ? device.id : address}`;
  const guesses: Array<[RateLimitName, string]> = [['guessesByOrigin', origin]];
  if (device.knowsAccount) {
    await orDatabaseUnavailable(consumeRateLimit('credentialsByKnownAccount', hashEmail(email)));
  } else {
    guesses.push(['guessesByAccount', hashEmail(email)]);
    await orDatabaseUnavailable(consumeRateLimit('credentialsByAddress', address));
  }
  for (const [name, key] of guesses) await orDatabaseUnavailable(rejectIfExceeded(name, key));
  try {
    const result = await attempt();
    await orDatabaseUnavailable(resetRateLimit('guessesByOrigin', origin));
    return { ...result, cookies: [...result.cookies, device.cookie] };
  } catch (error) {
    const isGuess = error instanceof AppError && FAILED_GUESS_CODES.has(error.code);
    if (isGuess) {
      for (const [name, key] of guesses) await orDatabaseUnavailable(consumeRateLimit(name, key));
    }
    throw error;
  }
}

/** Hashes an e-mail address to a rate limit key of fixed length that does not reveal it. */
function hashEmail(email: string): string {
  return createHash('sha256').update(email).digest('base64url');
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

/** Calls better-auth's HTTP handler, which links guests to accounts. */
async function callAuthHandler(
  action: Action,
  requestHeaders: Headers,
  fields: Record<string, string | undefined>,
): Promise<SessionResult> {
  const auth = await getAuth(requestHeaders);
  const previous = await authenticate(requestHeaders);
  const request = new Request(`${auth.options.baseURL}/api/auth/${action}/email`, {
    method: 'POST',
    headers: await authHeaders(auth, requestHeaders),
    body: JSON.stringify(fields),
  });
  const response = await orDatabaseUnavailable(auth.handler(request));
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw toAppError(response.status, body);
  await endSession(previous);
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
  const headers = new Headers({ 'content-type': 'application/json' });
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
  if (status === 429) return new AppError('too_many_tries');
  // better-auth's own failures are those of the database, and it has logged them.
  if (status >= 500) return new AppError('database_unavailable');
  const code = body.code ? ERROR_CODES[body.code] : undefined;
  if (code) return new AppError(code);
  logger.error({ status, code: body.code }, 'Unexpected response from the auth library');
  return new AppError('internal');
}
