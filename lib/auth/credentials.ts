import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { clientAddress } from '@/lib/auth/address';
import { type Auth, getAuth, orUnavailable, PASSWORD } from '@/lib/auth/auth';
import { pickCookie } from '@/lib/auth/cookies';
import { identify, toAccount } from '@/lib/auth/identify';
import type { Identity } from '@/lib/auth/identity';
import type { SignInInput, SignUpInput } from '@/lib/auth/input';
import { readDevice } from '@/lib/auth/known-device';
import { consume, forget, type LimitName, refuseIfSpent } from '@/lib/auth/limits';
import { renewSession, type Session } from '@/lib/auth/session';
import { sessionCache } from '@/lib/auth/session-cache';
import { getConfig } from '@/lib/config';
import { db } from '@/lib/db/client';
import { session, user } from '@/lib/db/schema';
import { AppError, type ErrorCode } from '@/lib/errors';
import { logger } from '@/lib/logger';

type Action = 'sign-in' | 'sign-up';

/** Refusals that count as a wrong guess. */
const GUESSES = new Set<ErrorCode>(['wrong_credentials', 'sign_up_refused']);

/** The library's codes that a person can do something about. */
const CODES: Record<string, ErrorCode> = {
  INVALID_EMAIL: 'email_invalid',
  // The e-mail address is the only field that it checks closer than lib/auth/input.
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
export async function signIn(headers: Headers, { email, password }: SignInInput): Promise<Session> {
  return withinLimits(headers, email, () => send('sign-in', headers, { email, password }));
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
): Promise<Session> {
  // Before it is known whether there is such an account, so that the answer does not tell.
  if (password.length < PASSWORD.min) throw new AppError('password_too_short');
  if (password.length > PASSWORD.max) throw new AppError('password_too_long');
  return withinLimits(headers, email, async () => {
    const exists = await orUnavailable(db().$count(user, eq(user.email, email)));
    if (exists === 0) {
      return await send('sign-up', headers, { email, password, name: name || email.split('@')[0] });
    }
    try {
      return await send('sign-in', headers, { email, password });
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
async function withinLimits(
  headers: Headers,
  email: string,
  enter: () => Promise<Session>,
): Promise<Session> {
  const auth = await getAuth(headers);
  const device = await readDevice(auth, headers, email);
  const address = clientAddress(headers, getConfig().limits.trustedProxies);
  const origin = `${digest(email)} ${device.knowsAccount ? device.id : address}`;
  const guesses: Array<[LimitName, string]> = [['guessesByOrigin', origin]];
  if (device.knowsAccount) {
    await orUnavailable(consume('credentialsByKnownAccount', digest(email)));
  } else {
    guesses.push(['guessesByAccount', digest(email)]);
    await orUnavailable(consume('credentialsByAddress', address));
  }
  for (const [name, key] of guesses) await orUnavailable(refuseIfSpent(name, key));
  try {
    const made = await enter();
    await orUnavailable(forget('guessesByOrigin', origin));
    return { ...made, cookies: [...made.cookies, device.cookie] };
  } catch (error) {
    const isGuess = error instanceof AppError && GUESSES.has(error.code);
    if (isGuess) {
      for (const [name, key] of guesses) await orUnavailable(consume(name, key));
    }
    throw error;
  }
}

/** An e-mail address as a key of limits: of bounded length, and not to be read in the table. */
function digest(email: string): string {
  return createHash('sha256').update(email).digest('base64url');
}

/** Ends the session of these cookies, in the database and in the browser. */
export async function signOut(headers: Headers): Promise<Session> {
  const auth = await getAuth(headers);
  const identity = await identify(headers);
  const ended = await orUnavailable(auth.api.signOut({ headers, returnHeaders: true }));
  // The database announces it to the other processes.
  if (identity) sessionCache().end([identity.sessionId]);
  return { account: null, cookies: ended.headers.getSetCookie() };
}

/** Through the library's handler, which links guests to accounts. */
async function send(
  action: Action,
  from: Headers,
  fields: Record<string, string | undefined>,
): Promise<Session> {
  const auth = await getAuth(from);
  const before = await identify(from);
  const request = new Request(`${auth.options.baseURL}/api/auth/${action}/email`, {
    method: 'POST',
    headers: await toHeaders(auth, from),
    body: JSON.stringify(fields),
  });
  const response = await orUnavailable(auth.handler(request));
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(response.status, answer);
  await endSession(before);
  return { account: toAccount(answer.user), cookies: response.headers.getSetCookie() };
}

/** Ends what the browser was signed in by until now: nothing refers to it any more. */
async function endSession(identity: Identity | null): Promise<void> {
  if (!identity) return;
  await orUnavailable(db().delete(session).where(eq(session.id, identity.sessionId)));
  sessionCache().end([identity.sessionId]);
}

/** Of the request's headers only what the library needs to know, and that checked. */
async function toHeaders(auth: Auth, from: Headers): Promise<Headers> {
  const headers = new Headers({ 'content-type': 'application/json' });
  // Only the session itself: a broken signed copy would make the library see no guest, whose chats
  // would stay behind. And only a live one: with a dead one it clears the new cookies as well.
  const { authCookies } = await auth.$context;
  const cookie = pickCookie(from, authCookies.sessionToken.name);
  if (cookie !== null && (await renewSession(from)).account) headers.set('cookie', cookie);
  const agent = from.get('user-agent');
  if (agent !== null) headers.set('user-agent', agent);
  return headers;
}

function refusal(status: number, answer: { code?: string; message?: string }): AppError {
  if (status === 429) return new AppError('too_many_tries');
  // Its own failures are those of the database, and it has logged why.
  if (status >= 500) return new AppError('database_unavailable');
  const code = answer.code ? CODES[answer.code] : undefined;
  if (code) return new AppError(code);
  logger.error({ status, code: answer.code }, 'credentials: an answer without words for it');
  return new AppError('internal');
}
