import { clientAddress } from '@/lib/auth/address';
import { type Auth, CLIENT_ADDRESS_HEADER, getAuth, orUnavailable } from '@/lib/auth/auth';
import { pickCookie } from '@/lib/auth/cookies';
import { toIdentity } from '@/lib/auth/identify';
import type { SignInInput, SignUpInput } from '@/lib/auth/input';
import { renewSession, type Session } from '@/lib/auth/session';
import { Throttle } from '@/lib/auth/throttle';
import { AppError, type ErrorCode } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { processSingleton } from '@/lib/process';

type Action = 'sign-in' | 'sign-up';

/** The library's codes that a person can do something about. */
const CODES: Record<string, ErrorCode> = {
  INVALID_EMAIL: 'email_invalid',
  // The e-mail address is the only field that it checks closer than lib/auth/input.
  VALIDATION_ERROR: 'email_invalid',
  INVALID_EMAIL_OR_PASSWORD: 'wrong_credentials',
  PASSWORD_TOO_SHORT: 'password_too_short',
  PASSWORD_TOO_LONG: 'password_too_long',
  USER_ALREADY_EXISTS: 'email_taken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'email_taken',
  // The insert was refused: somebody took the address since it was looked for.
  FAILED_TO_CREATE_USER: 'email_taken',
};

/**
 * Signs in to an account. What a guest with these cookies has goes over to it.
 * @throws AppError wrong_credentials, email_invalid, too_many_tries, internal,
 * database_unavailable
 */
export async function signIn(headers: Headers, { email, password }: SignInInput): Promise<Session> {
  if (tries().take(email) > 0) throw new AppError('too_many_tries');
  const session = await send('sign-in', headers, { email, password });
  tries().clear(email);
  return session;
}

/**
 * Makes an account and signs in to it. What a guest with these cookies has goes over to it.
 * @throws AppError as signIn, and email_taken, password_too_short, password_too_long
 */
export async function signUp(
  headers: Headers,
  { email, password, name }: SignUpInput,
): Promise<Session> {
  return send('sign-up', headers, { email, password, name: name || email.split('@')[0] });
}

/** Ends the session of these cookies, in the database and in the browser. */
export async function signOut(headers: Headers): Promise<Session> {
  const auth = await getAuth(headers);
  const ended = await orUnavailable(auth.api.signOut({ headers, returnHeaders: true }));
  return { identity: null, cookies: ended.headers.getSetCookie() };
}

/** Through the library's own door rather than its functions, because its rate limits stand there. */
async function send(
  action: Action,
  from: Headers,
  fields: Record<string, string | undefined>,
): Promise<Session> {
  const auth = await getAuth(from);
  const request = new Request(`${auth.options.baseURL}/api/auth/${action}/email`, {
    method: 'POST',
    headers: await toHeaders(auth, from),
    body: JSON.stringify(fields),
  });
  const response = await orUnavailable(auth.handler(request));
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(response.status, answer);
  return { identity: toIdentity(answer.user), cookies: response.headers.getSetCookie() };
}

/** Of the request's headers only what the library needs to know, and that checked. */
async function toHeaders(auth: Auth, from: Headers): Promise<Headers> {
  const headers = new Headers({ 'content-type': 'application/json' });
  // Only the session itself: a broken signed copy would make the library see no guest, whose chats
  // would stay behind. And only a live one: with a dead one it clears the new cookies as well.
  const { authCookies } = await auth.$context;
  const cookie = pickCookie(from, authCookies.sessionToken.name);
  if (cookie !== null && (await renewSession(from)).identity) headers.set('cookie', cookie);
  const agent = from.get('user-agent');
  if (agent !== null) headers.set('user-agent', agent);
  const address = clientAddress(from);
  if (address !== null) headers.set(CLIENT_ADDRESS_HEADER, address);
  return headers;
}

function tries(): Throttle {
  return processSingleton('auth-tries', () => new Throttle({ max: 20, windowMs: 5 * 60_000 }));
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
