import { z } from 'zod';
import { clientAddress } from '@/lib/auth/address';
import { type Auth, CLIENT_ADDRESS_HEADER, getAuth, orUnavailable } from '@/lib/auth/auth';
import { pickCookie } from '@/lib/auth/cookies';
import { toIdentity } from '@/lib/auth/identify';
import { refuseForeignPages, renewSession, type Session } from '@/lib/auth/session';
import { Throttle } from '@/lib/auth/throttle';
import { AppError, type ErrorCode } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { processSingleton } from '@/lib/process';

type Action = 'sign-in' | 'sign-up';

const CREDENTIALS = z.object({
  email: z.string().trim().toLowerCase().max(254),
  password: z.string().min(1).max(1_000),
  /** What to call the person; taken from the e-mail address where it is missing. */
  name: z.string().trim().max(100).optional(),
});

/** The library's codes that a person can do something about. */
const CODES: Record<string, ErrorCode> = {
  INVALID_EMAIL: 'email_invalid',
  // The e-mail address is the only field it checks that CREDENTIALS does not.
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
 * @param body what was sent, not checked yet: email, password
 * @throws AppError foreign_page, bad_request, wrong_credentials, email_invalid, too_many_tries,
 * internal, database_unavailable
 */
export async function signIn(headers: Headers, body: unknown): Promise<Session> {
  refuseForeignPages(headers);
  const { email, password } = parseCredentials(body);
  if (tries().take(email) > 0) throw new AppError('too_many_tries');
  const session = await send('sign-in', headers, { email, password });
  tries().clear(email);
  return session;
}

/**
 * Makes an account and signs in to it. What a guest with these cookies has goes over to it.
 * @param body what was sent, not checked yet: email, password, name (optional)
 * @throws AppError as signIn, and email_taken, password_too_short, password_too_long
 */
export async function signUp(headers: Headers, body: unknown): Promise<Session> {
  refuseForeignPages(headers);
  const { email, password, name } = parseCredentials(body);
  return send('sign-up', headers, { email, password, name: name || email.split('@')[0] });
}

/** Ends the session of these cookies, in the database and in the browser. */
export async function signOut(headers: Headers): Promise<Session> {
  refuseForeignPages(headers);
  const auth = await getAuth(headers);
  const ended = await orUnavailable(auth.api.signOut({ headers, returnHeaders: true }));
  return { identity: null, cookies: ended.headers.getSetCookie() };
}

function parseCredentials(body: unknown): z.infer<typeof CREDENTIALS> {
  const parsed = CREDENTIALS.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  switch (`${issue?.path[0]} ${issue?.code}`) {
    case 'email too_big':
      throw new AppError('email_invalid');
    case 'password too_small':
      throw new AppError('password_too_short');
    case 'password too_big':
      throw new AppError('password_too_long');
    case 'name too_big':
      throw new AppError('bad_request', { message: 'The name is too long.' });
    default:
      throw new AppError('bad_request');
  }
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
  const response = await auth.handler(request);
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
  const code = answer.code ? CODES[answer.code] : undefined;
  if (code) return new AppError(code);
  logger.error({ status, code: answer.code }, 'credentials: an answer without words for it');
  return new AppError('internal');
}
