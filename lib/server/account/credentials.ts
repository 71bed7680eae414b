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

/** Refusals that count as a wrong guess. */
const FAILED_GUESS_CODES = new Set<ErrorCode>(['wrong_credentials', 'sign_up_refused']);

/** The library's codes that a person can do something about. */
const ERROR_CODES: Record<string, ErrorCode> = {
  INVALID_EMAIL: 'email_invalid',
  // The e-mail address is the only field that it checks closer than lib/server/account/input.
  VALIDATION_ERROR: 'email_invalid',
  INVALID_EMAIL_OR_PASSWORD: 'wrong_credentials',
  PASSWORD_TOO_SHORT: 'password_too_short',
  PASSWORD_TOO_LONG: 'password_too_long',
  USER_ALREADY_EXISTS: 'sign_up_refused',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'sign_up_refused',
  // The insert was refused: somebody took the address since it was looked for.
  FAILED_TO_CREATE_USER: 'sign_up_refused',
};

/**
 * Signs in to an account. What a guest with these cookies has goes over to it.
 * @throws AppError wrong_credentials, account_blocked, email_invalid, too_many_tries, too_busy,
 * internal, database_unavailable
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
 * Makes an account and signs in to it. What a guest with these cookies has goes over to it. Where
 * there is an account of that address already, this signs in to it if the password is its own, and
 * counts as a guess if not: it tells no more than signing in does.
 * @throws AppError as signIn, and sign_up_refused, password_too_short, password_too_long
 */
export async function signUp(
  headers: Headers,
  { email, password, name }: SignUpInput,
): Promise<SessionResult> {
  // Before it is known whether there is such an account, so that the answer does not tell.
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
 * Bounds guessing: by the account and where the guesses come from, and by the account alone. A
 * browser that has been signed in to the account counts by itself, so nobody else locks it out.
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

/** An e-mail address as a key of limits: of bounded length, and not to be read in the table. */
function hashEmail(email: string): string {
  return createHash('sha256').update(email).digest('base64url');
}

/** Ends the session of these cookies, in the database and in the browser. */
export async function signOut(headers: Headers): Promise<SessionResult> {
  const auth = await getAuth(headers);
  const identity = await authenticate(headers);
  const ended = await orDatabaseUnavailable(auth.api.signOut({ headers, returnHeaders: true }));
  // The database announces it to the other processes.
  if (identity) sessionCache().end([identity.sessionId]);
  return { account: null, cookies: ended.headers.getSetCookie() };
}

/** Through the library's handler, which links guests to accounts. */
async function callAuthHandler(
  action: Action,
  from: Headers,
  fields: Record<string, string | undefined>,
): Promise<SessionResult> {
  const auth = await getAuth(from);
  const previous = await authenticate(from);
  const request = new Request(`${auth.options.baseURL}/api/auth/${action}/email`, {
    method: 'POST',
    headers: await authHeaders(auth, from),
    body: JSON.stringify(fields),
  });
  const response = await orDatabaseUnavailable(auth.handler(request));
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw toAppError(response.status, body);
  await endSession(previous);
  return { account: toAccount(body.user), cookies: response.headers.getSetCookie() };
}

/** Ends what the browser was signed in by until now: nothing refers to it any more. */
async function endSession(identity: Identity | null): Promise<void> {
  if (!identity) return;
  await orDatabaseUnavailable(db().delete(session).where(eq(session.id, identity.sessionId)));
  sessionCache().end([identity.sessionId]);
}

/** Of the request's headers only what the library needs to know, and that checked. */
async function authHeaders(auth: Auth, from: Headers): Promise<Headers> {
  const headers = new Headers({ 'content-type': 'application/json' });
  // Only the session itself: a broken signed copy would make the library see no guest, whose chats
  // would stay behind. And only a live one: with a dead one it clears the new cookies as well.
  const { authCookies } = await auth.$context;
  const cookie = findCookie(from, authCookies.sessionToken.name);
  if (cookie !== null && (await renewSession(from)).account) headers.set('cookie', cookie);
  const agent = from.get('user-agent');
  if (agent !== null) headers.set('user-agent', agent);
  return headers;
}

function toAppError(status: number, body: { code?: string; message?: string }): AppError {
  if (status === 429) return new AppError('too_many_tries');
  // Its own failures are those of the database, and it has logged why.
  if (status >= 500) return new AppError('database_unavailable');
  const code = body.code ? ERROR_CODES[body.code] : undefined;
  if (code) return new AppError(code);
  logger.error({ status, code: body.code }, 'credentials: an answer without words for it');
  return new AppError('internal');
}
